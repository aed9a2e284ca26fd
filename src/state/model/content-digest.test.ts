import { describe, expect, it } from 'vitest'
import { EngineCallError } from '#protocol/client'
import { digestOfFiles } from './content-digest.ts'

const file = (path: string, content: BlobPart) => ({ path, blob: new Blob([content]) })
const PIECE = 8 * 2 ** 20

describe('digestOfFiles', () => {
  it('is of the content: files that are called alike differ by one byte anywhere', async () => {
    const bytes = new Uint8Array(PIECE + 100)
    const one = await digestOfFiles([file('model.onnx', bytes)])
    expect(one).toMatch(/^[0-9a-f]{16}$/)
    bytes[PIECE + 50] = 1
    const other = await digestOfFiles([file('model.onnx', bytes)])
    expect(other).not.toBe(one)
    expect(await digestOfFiles([file('model.onnx', bytes)])).toBe(other)
  })

  it('is of every file, its name, and nothing else', async () => {
    const graph = file('model.onnx', 'graph')
    const both = await digestOfFiles([graph, file('config.json', '{"id2label":{}}')])
    expect(await digestOfFiles([file('config.json', '{"id2label":{}}'), graph])).toBe(both)
    expect(await digestOfFiles([graph, file('config.json', '{"id2label":[]}')])).not.toBe(both)
    expect(await digestOfFiles([graph, file('other.json', '{"id2label":{}}')])).not.toBe(both)
    expect(await digestOfFiles([graph])).not.toBe(both)
  })

  it('says which file cannot be read', async () => {
    const gone = { size: 1, slice: () => gone, arrayBuffer: () => Promise.reject(new Error('gone')) }
    const failed = await digestOfFiles([{ path: 'model.onnx', blob: gone }]).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(EngineCallError)
    expect(failed).toMatchObject({ kind: 'file-unreadable', data: { path: 'model.onnx' } })
  })

  it('where the browser has no digests, each choice is one of its own', async () => {
    const insecure = { crypto: { getRandomValues: crypto.getRandomValues.bind(crypto) } as Crypto }
    const files = [file('model.onnx', 'graph')]
    expect(await digestOfFiles(files, insecure)).not.toBe(await digestOfFiles(files, insecure))
  })
})
