import { afterEach, describe, expect, it } from 'vitest'
import { type LocalHub, type LocalHubOptions, startLocalHub } from '../../../e2e/pages/local-hub.ts'
import { calledHub } from './hub.fixture.ts'

const hubs: LocalHub[] = []

afterEach(() => Promise.all(hubs.splice(0).map((hub) => hub.close())))

async function local(options: LocalHubOptions = {}): Promise<LocalHub> {
  const hub = await startLocalHub(options)
  hubs.push(hub)
  return hub
}

describe('a list', () => {
  it('comes with one question from a hub that has metadata', async () => {
    const { address, commit, requests } = await local()
    const listing = await calledHub().list({ address: `${address}/`, repo: 'zoo/llama', revision: 'main' })
    expect(listing).toMatchObject({ repo: 'zoo/llama', revision: 'main', commit, license: 'apache-2.0', gated: false, exhaustive: true })
    expect(listing.files.find(({ path }) => path === 'onnx/model_ext.onnx_data')).toEqual({
      path: 'onnx/model_ext.onnx_data',
      size: 131_072,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      version: null,
    })
    expect(listing.models.find(({ path }) => path === 'onnx/model_ext.onnx')?.files.map(({ path }) => path)).toEqual([
      'onnx/model_ext.onnx',
      'onnx/model_ext.onnx_data',
    ])
    expect(listing.sideFiles.map(({ path }) => path)).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'special_tokens_map.json',
    ])
    expect(requests).toEqual([
      { method: 'GET', url: '/api/models/zoo/llama/revision/main?blobs=true', range: undefined, referer: undefined, cookie: undefined },
    ])
  })

  it('comes page by page from a hub that only lists, with the same files', async () => {
    const [whole, paged] = [await local(), await local({ lists: 'tree', path: '/mirror' })]
    const ask = { repo: 'zoo/llama', revision: 'main' }
    const listing = await calledHub().list({ ...ask, address: paged.address })
    expect(listing.files).toEqual((await calledHub().list({ ...ask, address: whole.address })).files)
    expect(listing).toMatchObject({ commit: paged.commit, license: null, exhaustive: true })
    expect(paged.requests.length).toBeGreaterThan(4)
  })

  it('comes from a plain file server by asking for the usual names', async () => {
    const { address } = await local({ lists: 'none', path: '/models' })
    const listing = await calledHub().list({ address, repo: 'zoo/llama', revision: 'main' })
    expect(listing).toMatchObject({ commit: null, gated: false, exhaustive: false })
    expect(listing.models.map(({ path, bytes }) => [path, bytes !== null])).toEqual([
      ['onnx/model.onnx', true],
      ['onnx/model_fp16.onnx', true],
      ['onnx/model_quantized.onnx', true],
      ['onnx/model_q4.onnx', true],
      ['onnx/model_q4f16.onnx', true],
      ['onnx/model_bnb4.onnx', true],
    ])
    expect(listing.sideFiles).toHaveLength(4)
    // Their stated length may be that of compressed bytes.
    expect(listing.sideFiles.every(({ size, version }) => size === null && version !== null)).toBe(true)
  })

  it('is remembered for when the hub cannot be reached, and a commit is not asked about again', async () => {
    const { address, commit, requests, close } = await local()
    const hub = calledHub()
    const listing = await hub.list({ address, repo: 'zoo/bert', revision: 'main' })
    expect(await hub.list({ address, repo: 'zoo/bert', revision: commit })).toEqual({ ...listing, revision: commit })
    expect(requests).toHaveLength(1)
    await close()
    hubs.length = 0
    expect(await hub.list({ address, repo: 'zoo/bert', revision: 'main' })).toEqual(listing)
    await expect(hub.list({ address, repo: 'zoo/gpt2', revision: 'main' })).rejects.toMatchObject({
      kind: 'hub-unreachable',
      data: { address },
    })
  })

  it('can be cancelled', async () => {
    const { address } = await local()
    const stop = new AbortController()
    const call = calledHub().list({ address, repo: 'zoo/bert', revision: 'main' }, stop.signal)
    stop.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
  })
})

describe('a refusal has its own kind', () => {
  const all = ['models', 'tree', 'none'] as const

  it.each(all)('for a repository that is not there (%s)', async (lists) => {
    const { address } = await local({ lists })
    await expect(calledHub().list({ address, repo: 'zoo/unicorn', revision: 'main' })).rejects.toMatchObject({
      kind: 'hub-repo-missing',
      data: { repo: 'zoo/unicorn' },
    })
  })

  it.each(['models', 'tree'] as const)('for a revision that is not there (%s)', async (lists) => {
    const { address } = await local({ lists })
    await expect(calledHub().list({ address, repo: 'zoo/bert', revision: 'refs/pr/7' })).rejects.toMatchObject({
      kind: 'hub-revision-missing',
      data: { repo: 'zoo/bert', revision: 'refs/pr/7' },
    })
  })

  it('for files that only some are given: the list says so, the download is refused', async () => {
    const { address } = await local({ gated: ['zoo/bert'] })
    const hub = calledHub()
    const listing = await hub.list({ address, repo: 'zoo/bert', revision: 'main' })
    expect(listing.gated).toBe(true)
    await expect(hub.download({ address, repo: 'zoo/bert', commit: listing.commit ?? '', files: listing.sideFiles })).rejects.toMatchObject(
      { kind: 'hub-gated', data: { repo: 'zoo/bert' } },
    )
  })

  it.each([
    ['ftp://hub.example', 'zoo/bert', 'main', 'bad-hub-address'],
    ['hub.example', 'zoo/bert', 'main', 'bad-hub-address'],
    ['https://me:secret@hub.example', 'zoo/bert', 'main', 'bad-hub-address'],
    ['https://hub.example', 'bert', 'main', 'bad-repo-name'],
    ['https://hub.example', '../bert', 'main', 'bad-repo-name'],
    ['https://hub.example', './bert', 'main', 'bad-repo-name'],
    ['https://hub.example', 'zoo/bert', '../main', 'bad-revision'],
  ])('for %s, %s, %s', async (address, repo, revision, kind) => {
    const fetch = () => Promise.reject(new Error('nobody is to be asked'))
    await expect(calledHub({ fetch }).list({ address, repo, revision })).rejects.toMatchObject({ kind })
  })

  it('for a repository without a graph, or without a tokenizer', async () => {
    const answer =
      (...names: string[]) =>
      async () =>
        Response.json({ siblings: names.map((rfilename) => ({ rfilename })) })
    const ask = { address: 'https://hub.example', repo: 'a/b', revision: 'main' }
    await expect(calledHub({ fetch: answer('config.json', 'tokenizer.json') }).list(ask)).rejects.toMatchObject({ kind: 'hub-no-onnx' })
    await expect(calledHub({ fetch: answer('model.onnx', 'vocab.txt') }).list(ask)).rejects.toMatchObject({ kind: 'hub-no-tokenizer' })
    expect((await calledHub({ fetch: answer('model.onnx', 'tokenizer.json') }).list(ask)).suggested).toBe('model.onnx')
  })

  it('for a hub that has too much to do, unless the list is remembered', async () => {
    let status = 503
    const fetch = async () =>
      status === 200
        ? Response.json({ siblings: [{ rfilename: 'model.onnx' }, { rfilename: 'tokenizer.json' }] })
        : new Response('', { status })
    const hub = calledHub({ fetch })
    const ask = { address: 'https://hub.example', repo: 'a/b', revision: 'main' }
    await expect(hub.list(ask)).rejects.toMatchObject({ kind: 'hub-refused', data: { status: 503 } })
    status = 200
    const listing = await hub.list(ask)
    status = 429
    expect(await hub.list(ask)).toEqual(listing)
  })
})
