// Writes a browser's PNG anew, every pixel the same, but smaller: browsers compress screenshots for speed.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const RGB = 2
/** Bytes of a pixel, by colour type. */
const PIXEL_BYTES = new Map([
  [RGB, 3],
  [6, 4],
])

/** @typedef {{ header: Buffer, width: number, rows: readonly Buffer[] }} Picture width in bytes of a row */

/**
 * @param {Buffer} png 8 bits a channel, RGB or RGBA, not interlaced, as browsers write screenshots
 * @returns {Buffer} the same picture, never longer
 * @throws {Error} for other files
 */
export function smallerPng(png) {
  const written = writePng(readPng(png))
  return written.length < png.length ? written : png
}

/**
 * @param {Buffer} png
 * @returns {Picture}
 */
export function readPng(png) {
  const chunks = png.subarray(0, SIGNATURE.length).equals(SIGNATURE) ? chunksOf(png) : []
  const header = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(13)
  const pixel = PIXEL_BYTES.get(header.readUInt8(9))
  if (pixel === undefined || header.readUInt8(8) !== 8 || header.readUInt8(12) !== 0)
    throw new Error('This is not a PNG that is read here.')
  const width = header.readUInt32BE(0) * pixel
  const bytes = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)))
  /** @type {Buffer[]} */
  const rows = []
  for (let row = 0; row < header.readUInt32BE(4); row++) {
    const start = row * (width + 1)
    rows.push(unfilter(bytes.readUInt8(start), bytes.subarray(start + 1, start + 1 + width), rows.at(-1) ?? Buffer.alloc(width), pixel))
  }
  return { header, width, rows }
}

/**
 * Rows without filters: a page's flat areas repeat byte for byte, which the compressor finds best by itself.
 * @param {Picture} picture
 */
function writePng({ header, rows }) {
  const data = deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.from([0]), row])), { level: 9, memLevel: 9 })
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

/** @param {Buffer} png */
function chunksOf(png) {
  const chunks = []
  for (let at = SIGNATURE.length; at + 12 <= png.length; at += 12 + png.readUInt32BE(at)) {
    const start = at + 8
    chunks.push({ type: png.toString('latin1', at + 4, start), data: png.subarray(start, start + png.readUInt32BE(at)) })
  }
  return chunks
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/**
 * A row's own bytes: the file holds differences to what the filter foretells from the bytes before and above (PNG, section 9).
 * @param {number} filter
 * @param {Buffer} line
 * @param {Buffer} above
 * @param {number} pixel
 */
function unfilter(filter, line, above, pixel) {
  const row = Buffer.from(line)
  for (let at = 0; at < row.length; at++) {
    const left = at < pixel ? 0 : (row[at - pixel] ?? 0)
    const up = above[at] ?? 0
    const corner = at < pixel ? 0 : (above[at - pixel] ?? 0)
    row[at] = (row[at] ?? 0) + ([0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0)
  }
  return row
}

/**
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function paeth(left, up, corner) {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}
