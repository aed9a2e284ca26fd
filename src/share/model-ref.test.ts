import { describe, expect, it } from 'vitest'
import { differsInContent, isRepo, nameOfRef, readModelRef, sameModel, writeModelRef } from './model-ref.ts'

const hub = { kind: 'hub', repo: 'owner/name', revision: 'main', file: 'onnx/model_q4.onnx' } as const

describe('a reference to a model', () => {
  it('is short for the page’s own models', () => {
    expect(writeModelRef({ kind: 'embedded', id: 'minilm-sst2' })).toBe('minilm-sst2')
    expect(readModelRef('minilm-sst2')).toEqual({ kind: 'embedded', id: 'minilm-sst2' })
  })

  it('names repository, revision and graph of a hub’s', () => {
    expect(writeModelRef(hub)).toBe('hub|owner/name|main|onnx/model_q4.onnx')
    expect(readModelRef('hub|owner/name|main|onnx/model_q4.onnx')).toEqual(hub)
  })

  it.each([
    '',
    'unknown-model',
    'hub',
    'hub|owner|main|model.onnx',
    'hub|owner/name|main|../secret.onnx',
    'hub|owner/name|main|/etc/passwd',
    'hub|owner/..|main|model.onnx',
    'hub|./name|main|model.onnx',
    'hub|https://evil.example/x|main|model.onnx',
    'hub|owner/name|main|model.onnx|more',
    'local||model.onnx',
    'local|name|a/../b.onnx',
    'local|name|model.onnx|no digest',
    'local|name|model.onnx|0123456789abcdef|more',
    'ftp|owner/name|main|model.onnx',
  ])('is not read from %j', (text) => {
    expect(readModelRef(text)).toBeUndefined()
  })

  it('names the content of the reader’s own files, since many are called alike', () => {
    const local = { kind: 'local', name: 'model', file: 'model.onnx', digest: '0123456789abcdef' } as const
    expect(writeModelRef(local)).toBe('local|model|model.onnx|0123456789abcdef')
    expect(readModelRef(writeModelRef(local))).toEqual(local)
    expect(sameModel(local, { ...local, digest: 'fedcba9876543210' })).toBe(false)
    // Links of the time before.
    expect(readModelRef('local|model|model.onnx')).toEqual({ ...local, digest: '' })
    expect(writeModelRef({ ...local, digest: '' })).toBe('local|model|model.onnx')
  })

  it('differs in content from files of its name with another digest, where both are known', () => {
    const local = { kind: 'local', name: 'model', file: 'model.onnx', digest: '0123456789abcdef' } as const
    const other = { ...local, digest: 'fedcba9876543210' }
    expect(differsInContent(local, other)).toBe(true)
    expect(differsInContent(local, { ...local })).toBe(false)
    expect(differsInContent({ ...local, digest: '' }, other)).toBe(false)
    expect(differsInContent({ ...local, name: 'another' }, other)).toBe(false)
    expect([differsInContent(null, other), differsInContent(hub, other)]).toEqual([false, false])
  })

  it('is compared by what it names', () => {
    expect(sameModel(hub, { ...hub })).toBe(true)
    expect(sameModel(hub, { ...hub, revision: 'v2' })).toBe(false)
    expect([sameModel(hub, null), sameModel(null, null)]).toEqual([false, true])
    expect(nameOfRef(hub)).toBe('owner/name')
    expect([isRepo('a/b'), isRepo('a'), isRepo('a/b/c'), isRepo('a/../b')]).toEqual([true, false, false, false])
  })
})
