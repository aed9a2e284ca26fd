import { describe, expect, it } from 'vitest'
import { parseInfo, parseTree } from './hub-answer.ts'

const HASH = 'a'.repeat(64)
const info = (siblings: unknown, rest: object = {}): string => JSON.stringify({ siblings, ...rest })
const entry = (path: string) => ({ type: 'file', path, size: 3 })

describe('parseInfo', () => {
  it('reads what a hub says, and does without what it does not', () => {
    const large = { rfilename: 'm.onnx', size: 7, lfs: { sha256: HASH, size: 7, pointerSize: 1 }, blobId: 'x' }
    const rest = { sha: 'b'.repeat(40), gated: 'auto', cardData: { license: 'mit', other: [] }, tags: ['license:apache-2.0'] }
    expect(parseInfo(info([large], rest))).toEqual({
      commit: 'b'.repeat(40),
      license: 'mit',
      gated: true,
      files: [{ path: 'm.onnx', size: 7, sha256: HASH, version: null }],
    })
    expect(parseInfo(info([{ rfilename: 'm.onnx' }], { gated: false, tags: ['onnx', 'license:other'] }))).toEqual({
      commit: null,
      license: 'other',
      gated: false,
      files: [{ path: 'm.onnx', size: null, sha256: null, version: null }],
    })
  })

  it.each(['../up', '/top', 'a/../b', 'a//b', 'c:\\d', 'a?b', 'a#b', 'a%2fb', ''])('leaves out a file called %j', (rfilename) => {
    expect(parseInfo(info([{ rfilename }])).files).toEqual([])
  })

  it.each([
    ['a page', '<html>'],
    ['no files', '{}'],
    ['a negative size', info([{ rfilename: 'm', size: -1 }])],
    ['half a byte', info([{ rfilename: 'm', size: 0.5 }])],
    ['a short hash', info([{ rfilename: 'm', lfs: { sha256: 'abc' } }])],
    ['a commit that is a path', info([], { sha: '../main' })],
    ['too many files', info(Array(20_001).fill({ rfilename: 'm' }))],
    ['a long text', info([{ rfilename: 'x'.repeat(17 * 2 ** 20) }])],
  ])('refuses %s', (_, text) => {
    expect(() => parseInfo(text)).toThrow(expect.objectContaining({ kind: 'hub-unreadable' }))
  })
})

describe('parseTree', () => {
  it('reads files and steps over folders', () => {
    const lfs = { oid: HASH, size: 900 }
    const text = JSON.stringify([{ type: 'directory', path: 'onnx', size: 0 }, entry('config.json'), { ...entry('onnx/m.onnx'), lfs }])
    expect(parseTree(text)).toEqual([
      { path: 'config.json', size: 3, sha256: null, version: null },
      { path: 'onnx/m.onnx', size: 900, sha256: HASH, version: null },
    ])
  })

  it('refuses what is no list', () => {
    expect(() => parseTree('{"error":"no"}')).toThrow(expect.objectContaining({ kind: 'hub-unreadable' }))
  })
})
