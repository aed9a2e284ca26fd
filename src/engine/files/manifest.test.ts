import { describe, expect, it } from 'vitest'
import { EngineError } from '../error.ts'
import { parseManifest } from './manifest.ts'

const file = { path: 'onnx/model.onnx', size: 3, sha256: 'a'.repeat(64) }
const text = (files: unknown, version: unknown = 1) => JSON.stringify({ version, name: 'Tiny', files })

describe('parseManifest', () => {
  it('reads a manifest', () => {
    expect(parseManifest(text([file]))).toEqual({ version: 1, name: 'Tiny', files: [file] })
  })

  it.each([
    ['another version', text([file], 2)],
    ['no files', text([])],
    ['too many files', text(Array(65).fill(file))],
    ['a path upwards', text([{ ...file, path: '../secret' }])],
    ['a path upwards inside', text([{ ...file, path: 'onnx/../../secret' }])],
    ['an absolute path', text([{ ...file, path: '/model.onnx' }])],
    ['another host', text([{ ...file, path: 'https://elsewhere.example/model.onnx' }])],
    ['a scheme without slashes', text([{ ...file, path: 'data:text' }])],
    ['an empty segment', text([{ ...file, path: 'onnx//model.onnx' }])],
    ['a negative size', text([{ ...file, size: -1 }])],
    ['more than a typed array holds', text([{ ...file, size: 2 ** 31 + 1 }])],
    ['a short hash', text([{ ...file, sha256: 'abc' }])],
    ['an array', '[]'],
    ['a long text', text([{ ...file, note: 'x'.repeat(70_000) }])],
  ])('refuses %s', (_, manifest) => {
    expect(() => parseManifest(manifest)).toThrow(EngineError)
  })
})
