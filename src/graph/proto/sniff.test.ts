import { describe, expect, it } from 'vitest'
import { GraphError } from '../ir/errors.ts'
import { tinyTransformer } from '../testing/tiny-transformer.ts'
import { readModel } from './read.ts'
import { sniff } from './sniff.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))
const whole = tinyTransformer({ layers: 1, blocks: 'post-norm', norm: 'decomposed' }).builder.bytes()

function kindOf(file: Uint8Array): string {
  try {
    readModel(file)
    return 'read'
  } catch (error) {
    return error instanceof GraphError ? error.kind : `crash: ${String(error)}`
  }
}

describe('sniff', () => {
  it.each([
    ['empty-file', new Uint8Array()],
    ['html-page', ascii('<!DOCTYPE html><html><body>Not found</body></html>')],
    ['html-page', ascii('\xef\xbb\xbf\r\n <html>')],
    ['lfs-pointer', ascii('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 23602392\n')],
    ['not-onnx', ascii('{"error":"Repository not found"}')],
    ['not-onnx', ascii('GGUF\x03\x00\x00\x00')],
    ['not-onnx', ascii('PK\x03\x04\x00\x00archive/data.pkl')],
    ['not-onnx', ascii('\x40\x00\x00\x00\x00\x00\x00\x00{"weight":{"dtype":"F32"}}')],
    ['not-onnx', ascii('Not Found')],
    ['not-onnx', Uint8Array.from({ length: 4096 }, (_, place) => (place * 131 + 7) % 251)],
  ])('calls it %s', (kind, file) => {
    expect(kindOf(file)).toBe(kind)
  })

  it('names the format it looks like', () => {
    expect(() => sniff(ascii('GGUF\x03\x00\x00\x00'))).toThrow('GGUF')
  })

  it('lets a whole file pass', () => {
    expect(kindOf(whole)).toBe('read')
  })

  it('calls every cut of a file truncated, and never crashes', () => {
    const kinds = Array.from({ length: 40 }, (_, step) => kindOf(whole.slice(0, Math.floor((whole.length * (step + 0.5)) / 40))))
    expect(new Set(kinds.slice(1))).toEqual(new Set(['truncated']))
  })

  it('answers damaged bytes with a typed error or a graph', () => {
    for (let seed = 1; seed < 60; seed++) {
      const damaged = whole.slice()
      for (let hit = 0; hit < 5; hit++) damaged[(seed * 7919 + hit * 104729) % damaged.length] = (seed * 31 + hit * 57) % 256
      expect(kindOf(damaged)).not.toContain('crash')
    }
  })
})
