import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import type { HubListing } from '#protocol/hub-api'
import { damagedAt } from '../../../e2e/pages/faulty-host.ts'
import { type LocalHub, type LocalHubOptions, startLocalHub } from '../../../e2e/pages/local-hub.ts'
import { type CalledHub, calledHub, fetchAsPage } from './hub.fixture.ts'

const MODEL = 'onnx/model_ext.onnx'
const DATA = 'onnx/model_ext.onnx_data'
const opened: (() => unknown)[] = []

afterEach(() => Promise.all(opened.splice(0).map((close) => close())))

async function local(options: LocalHubOptions = {}): Promise<LocalHub> {
  const hub = await startLocalHub(options)
  opened.push(hub.close)
  return hub
}

/** Lets one part of a file pass and ends the connection instead of passing the next. */
function stuckAfterOnePart(cut: () => void): Transform {
  let passed = false
  return new Transform({
    transform: (bytes, _encoding, done) => {
      if (passed) return cut()
      passed = true
      done(null, bytes)
    },
  })
}

/** What a page asks for, to run one graph of a listing. */
function wanted({ address }: LocalHub, listing: HubListing, path: string) {
  const model = listing.models.find((candidate) => candidate.path === path)
  const { repo, commit, revision, sideFiles } = listing
  return { address, repo, commit: commit ?? revision, files: [...(model?.files ?? []), ...sideFiles] }
}

async function listOf(server: LocalHub, hub: CalledHub, repo = 'zoo/llama'): Promise<HubListing> {
  return hub.list({ address: server.address, repo, revision: 'main' })
}

describe('a download', () => {
  it.each([
    ['Node', globalThis.fetch],
    ['a page', fetchAsPage],
  ])('brings every file, checks the hashes, and keeps them, in %s', async (_, fetch) => {
    const server = await local()
    const hub = calledHub({ fetch })
    const { files, checked, kept } = await hub.download(wanted(server, await listOf(server, hub), MODEL))
    expect([checked, kept, files.length]).toEqual(['hash', 'yes', 6])
    for (const { path, blob } of files) {
      expect(Buffer.from(await blob.arrayBuffer()).equals(readFileSync(join('fixtures/zoo/llama', path)))).toBe(true)
    }
    expect(hub.progress.at(-1)).toMatchObject({ kind: 'download', fromCache: false })
    const { received, total } = hub.progress.findLast((part) => part.kind === 'download') ?? { received: 0, total: 0 }
    expect(received).toBe(total)
    // Large files came by way of another host.
    expect(server.requests.map(({ url }) => url)).toContain(`/llama/${DATA}`)
  })

  it('asks nobody for what is kept, also after a commit that left the weights alone', async () => {
    const server = await local()
    const hub = calledHub()
    const args = wanted(server, await listOf(server, hub), MODEL)
    await hub.download(args)
    const before = server.requests.length
    await server.close()
    expect(await hub.download(args)).toMatchObject({ checked: 'hash', kept: 'yes', files: { length: 6 } })
    expect(hub.progress.at(-1)).toMatchObject({ kind: 'download', fromCache: true })
    const weights = args.files.filter(({ path }) => path.startsWith('onnx/'))
    await hub.download({ ...args, commit: '0'.repeat(40), files: weights })
    expect(server.requests).toHaveLength(before)
  })

  it('is checked by size alone where nobody names a hash, or the browser has none', async () => {
    const plain = await local({ lists: 'none' })
    const hub = calledHub()
    const args = wanted(plain, await listOf(plain, hub), 'onnx/model.onnx')
    expect((await hub.download(args)).checked).toBe('size')
    expect(hub.progress.at(-1)).toMatchObject({ total: null, secondsLeft: null })
    const server = await local()
    const old = calledHub({ digest: null })
    expect((await old.download(wanted(server, await listOf(server, old), MODEL))).checked).toBe('size')
  })

  it('takes a new version from a host without commits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'innerscope-hub-'))
    opened.push(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'tiny'))
    for (const name of ['config.json', 'tokenizer.json']) writeFileSync(join(folder, 'tiny', name), '{}')
    const publish = (text: string): void => writeFileSync(join(folder, 'tiny/model.onnx'), text)
    const server = await local({ folder, lists: 'none' })
    const hub = calledHub()
    const text = async (): Promise<string> => {
      const { files } = await hub.download(wanted(server, await listOf(server, hub, 'zoo/tiny'), 'model.onnx'))
      const graph = files.find(({ path }) => path === 'model.onnx')
      return graph ? new TextDecoder().decode(await graph.blob.arrayBuffer()) : 'nothing'
    }
    publish('one')
    expect(await text()).toBe('one')
    await new Promise((done) => setTimeout(done, 20))
    publish('two')
    expect(await text()).toBe('two')
  })

  it('brings the data files that only the graph names, and finds them without a network later', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'innerscope-hub-'))
    opened.push(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'odd'))
    const files = { 'm.onnx': MODEL, 'model_ext.onnx_data': DATA, 'config.json': 'config.json', 'tokenizer.json': 'tokenizer.json' }
    for (const [name, from] of Object.entries(files))
      writeFileSync(join(folder, 'odd', name), readFileSync(join('fixtures/zoo/llama', from)))
    const server = await local({ folder })
    const hub = calledHub()
    const args = wanted(server, await listOf(server, hub, 'zoo/odd'), 'm.onnx')
    expect(args.files.map(({ path }) => path)).not.toContain('model_ext.onnx_data')
    const { files: brought, checked } = await hub.download(args)
    expect(brought.map(({ path }) => path)).toContain('model_ext.onnx_data')
    expect(checked).toBe('hash')
    await server.close()
    expect((await hub.download(args)).files).toHaveLength(brought.length)
  })

  it('works without a place to keep files, and says why', async () => {
    const server = await local()
    const hub = calledHub()
    const args = wanted(server, await listOf(server, hub), MODEL)
    for (const failure of ['full', 'unavailable'] as const) {
      hub.store.failure = failure
      expect(await hub.download(args)).toMatchObject({ kept: failure, files: { length: 6 } })
    }
  })

  it('is forgotten on demand, and counted until then', async () => {
    const server = await local()
    const hub = calledHub()
    await hub.download(wanted(server, await listOf(server, hub), MODEL))
    await listOf(server, hub, 'zoo/bert')
    const { address } = server
    const stored = await hub.stored()
    expect(stored.map(({ repo }) => repo)).toEqual(['zoo/llama', 'zoo/bert'])
    expect(stored[0]?.bytes).toBeGreaterThan(131_072)
    await hub.forget({ address: `${address}/`, repo: 'zoo/llama' })
    expect((await hub.stored()).map(({ repo }) => repo)).toEqual(['zoo/bert'])
  })
})

describe('a download that goes wrong', () => {
  it('continues where the line broke, also where a page cannot read what is continued', async () => {
    const server = await local()
    const hub = calledHub({ fetch: fetchAsPage })
    const args = wanted(server, await listOf(server, hub), MODEL)
    server.fail({ path: DATA, times: 1, through: stuckAfterOnePart })
    expect((await hub.download(args)).checked).toBe('hash')
    expect(hub.progress.some(({ kind }) => kind === 'retry')).toBe(true)
    expect(server.requests.filter(({ url }) => url === `/llama/${DATA}`).map(({ range }) => range ?? 'all')).toEqual([
      'all',
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
    ])
  })

  it('is asked for once more when the hash is wrong, and then given up', async () => {
    const server = await local()
    const hub = calledHub()
    const args = wanted(server, await listOf(server, hub), MODEL)
    server.fail({ path: DATA, times: 1, through: () => damagedAt(1000) })
    expect((await hub.download(args)).checked).toBe('hash')
    await hub.forget({ address: server.address, repo: 'zoo/llama' })
    server.fail({ path: DATA, through: () => damagedAt(1000) })
    await expect(hub.download(args)).rejects.toMatchObject({ kind: 'file-damaged', data: { path: DATA } })
    expect(hub.store.names.filter((name) => name.endsWith(DATA))).toEqual([])
  })

  it('fails by name where a file is missing, refused, too large, or has no possible name', async () => {
    const server = await local()
    const hub = calledHub()
    const args = wanted(server, await listOf(server, hub), MODEL)
    const file = (path: string, size: number | null = null) => ({ path, size, sha256: null, version: null })
    const failing = (files: HubListing['files']) => expect(hub.download({ ...args, files })).rejects
    await failing([file('onnx/none.onnx')]).toMatchObject({ kind: 'file-missing', data: { path: 'onnx/none.onnx' } })
    await failing([file('../bert/config.json')]).toMatchObject({ kind: 'file-missing' })
    await failing([file('a.onnx', 2 ** 31 + 1)]).toMatchObject({ kind: 'hub-too-large', data: { path: 'a.onnx', size: 2 ** 31 + 1 } })
    server.fail({ path: 'llama/config.json', times: 1, status: 418 })
    await failing([file('config.json')]).toMatchObject({ kind: 'file-refused', data: { status: 418 } })
    server.fail({ path: 'llama/config.json', status: 503 })
    await failing([file('config.json')]).toMatchObject({ kind: 'download-failed', data: { path: 'config.json' } })
  })

  it('can be cancelled', async () => {
    const server = await local()
    const hub = calledHub()
    const args = wanted(server, await listOf(server, hub), MODEL)
    const stop = new AbortController()
    server.fail({ path: DATA, through: () => stuckAfterOnePart(() => {}) })
    const call = hub.download(args, stop.signal)
    stop.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
  })
})
