import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type LocalHub, startLocalHub } from '../../e2e/pages/local-hub.ts'
import { parseExplainArguments } from './arguments.ts'
import { explain } from './explain.ts'
import { folderHubStore } from './folder-hub-store.ts'

let hub: LocalHub
let cache: string

beforeEach(async () => {
  hub = await startLocalHub()
  cache = mkdtempSync(join(tmpdir(), 'innerscope-cache-'))
  vi.stubEnv('INNERSCOPE_CACHE', cache)
  vi.stubEnv('INNERSCOPE_HUB', hub.address)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await hub.close()
  rmSync(cache, { recursive: true })
})

async function run(...args: readonly string[]) {
  const lines: string[] = []
  const messages: string[] = []
  const code = await explain(parseExplainArguments(args), { out: (line) => void lines.push(line), err: (line) => void messages.push(line) })
  return { code, messages, json: lines.map((line) => JSON.parse(line)) }
}

const CARD = ['--what', 'card', '--json'] as const

describe('a model of a hub', () => {
  it('is fetched with its data files, said so, and opened again without a network', async () => {
    const args = ['--model', 'zoo/llama', '--file', 'onnx/model_ext.onnx', '--text', 'a b', '--json']
    const { code, json, messages } = await run(...args)
    expect([code, json]).toMatchObject([0, [{ model: { name: 'zoo/llama', file: 'onnx/model_ext.onnx', family: 'llama' } }]])
    expect(messages).toEqual(['onnx/model_ext.onnx ...', expect.stringMatching(/^fetched [\d.]+ of [\d.]+ MB$/), expect.any(String)])
    await hub.close()
    const again = await run(...args)
    expect([again.json, again.messages]).toEqual([json, ['onnx/model_ext.onnx ...']])
  })

  it('is the one that the page would take where no file is named, and all of a pattern', async () => {
    const { json } = await run('--model', 'zoo/bert', ...CARD)
    expect(json).toMatchObject([{ model: { file: 'onnx/model.onnx' } }])
    const some = await run('--model', 'zoo/gpt2', '--file', 'onnx/decoder_model*.onnx', ...CARD)
    expect(some.json.map(({ model }) => model?.file)).toEqual(
      readdirSync('fixtures/zoo/gpt2/onnx')
        .filter((name) => name.startsWith('decoder_model'))
        .map((name) => `onnx/${name}`),
    )
  })

  it('comes from the hub and the revision that are named, in preference to a folder', async () => {
    vi.stubEnv('INNERSCOPE_HUB', 'http://127.0.0.1:1')
    const named = ['--model', 'zoo/bert', '--hub', `${hub.address}/`, ...CARD]
    expect((await run(...named, '--revision', hub.commit)).code).toBe(0)
    expect((await run(...named, '--revision', 'v9')).json).toMatchObject([{ error: { kind: 'hub-revision-missing' } }])
    expect((await run('--model', 'zoo/albert', ...CARD)).json).toMatchObject([{ error: { kind: 'hub-unreachable' } }])
    expect((await run('--model', 'no/such/folder', ...CARD)).json).toMatchObject([{ error: { kind: 'file-missing' } }])
  })

  it('fails in a sentence', async () => {
    const { code, messages } = await run('--model', 'zoo/unicorn', ...CARD)
    expect([code, messages]).toEqual([1, ['The hub has no zoo/unicorn.']])
    expect((await run('--model', 'zoo/bert', '--file', 'onnx/none.onnx', ...CARD)).messages).toEqual([
      'zoo/bert has no file onnx/none.onnx.',
    ])
  })
})

describe('the folder of kept files', () => {
  it('is never left, whatever a server calls its versions', async () => {
    const store = folderHubStore(join(cache, 'hub'))
    const entry = { address: 'https://hub.example', repo: 'a/b', name: 'main@W/../../../../../../up/../"x"/model.onnx' }
    expect(await store.write(entry, Uint8Array.of(7))).toBeNull()
    expect(readdirSync(cache)).toEqual(['hub'])
    expect(new Uint8Array((await (await store.read(entry))?.arrayBuffer()) ?? [])).toEqual(Uint8Array.of(7))
  })

  it('may be forbidden', async () => {
    writeFileSync(join(cache, 'file'), '')
    const store = folderHubStore(join(cache, 'file'))
    const entry = { address: 'https://hub.example', repo: 'a/b', name: 'x' }
    expect(await store.write(entry, Uint8Array.of(7))).toBe('unavailable')
    expect(await store.read(entry)).toBeNull()
  })
})
