import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readPng, smallerPng } from './png.mjs'

const SIDE = 24
const pixels = Array.from({ length: SIDE }, (_, y) =>
  Buffer.from(Array.from({ length: SIDE * 3 }, (_, x) => (y < 8 ? 250 : (x * 7 + y * 13) & 255))),
)

/** A PNG of `pixels`, each row written with another filter, compressed badly. */
function writtenBadly(): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = pixels.map((row, y) => Buffer.from([y % 5, ...Array.from(row, (value, x) => value - foretold(y % 5, y, x))]))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from('made by a test')),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function foretold(filter: number, y: number, x: number): number {
  const at = (row: number, column: number): number => pixels[row]?.[column] ?? 0
  const [left, up, corner] = [at(y, x - 3), at(y - 1, x), at(y - 1, x - 3)]
  const nearest = [left, up, corner].reduce((best, value) =>
    Math.abs(left + up - corner - value) < Math.abs(left + up - corner - best) ? value : best,
  )
  return [0, left, up, Math.floor((left + up) / 2), nearest][filter] ?? 0
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32BE(data.length, 0)
  numbers.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)])
}

describe('smallerPng', () => {
  it('keeps every pixel, whatever filter its row was written with', () => {
    const png = writtenBadly()
    const smaller = smallerPng(png)
    expect(smaller.length).toBeLessThan(png.length)
    expect(readPng(smaller).rows).toEqual(pixels)
  })

  it('returns a file that cannot be made smaller as it is', () => {
    const small = smallerPng(writtenBadly())
    expect(smallerPng(small)).toBe(small)
  })

  it.each([
    ['another file', Buffer.from('<html>')],
    ['a paletted picture', Buffer.from(writtenBadly()).fill(3, 25, 26)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readPng(bytes)).toThrow('This is not a PNG')
  })
})
