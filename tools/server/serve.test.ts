import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rangeOf } from './range.ts'
import { fileOf, serve } from './serve.ts'

let folder: string
let server: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'innerscope-serve-'))
  mkdirSync(join(folder, 'site/sub'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'site/index.html'), '<title>page</title>')
  writeFileSync(join(folder, 'site/sub/index.html'), 'below')
  writeFileSync(join(folder, 'site/model.onnx'), '0123456789')
  writeFileSync(join(folder, 'site/run.wasm'), 'wasm')
  writeFileSync(join(folder, 'site/run.mjs'), 'export {}')
  server = await serve({ dir: join(folder, 'site'), port: 0 })
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

/** Sends the path as it is: fetch would tidy it up first. */
function raw(path: string): Promise<{ status: number; body: string }> {
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path }, (answer) => {
      let body = ''
      answer.on('data', (bytes) => {
        body += String(bytes)
      })
      answer.on('end', () => done({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', fail)
    sent.end()
  })
}

describe('serve', () => {
  it('sends the page with the isolation and security headers', async () => {
    const { status, headers } = await fetch(server.url)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'")
  })

  it('lets one worker ask other hosts, by its file, and nothing that is called like it', async () => {
    const policy = async (path: string) => (await fetch(server.url + path)).headers.get('content-security-policy')
    expect(await policy('assets/hub.worker-DLVPjssr.js?x')).toBe("default-src 'none'; script-src 'self'; connect-src http: https:")
    for (const path of ['assets/engine.worker-DLVPjssr.js', 'hub.worker-x.js/', 'hub.worker-x.json', 'run.mjs?/hub.worker-x.js', '']) {
      expect(await policy(path)).toContain("connect-src 'self'")
    }
  })

  it('leaves only the isolation headers away when asked', async () => {
    const plain = await serve({ dir: join(folder, 'site'), port: 0, isolation: false })
    const { headers } = await fetch(plain.url)
    await plain.close()
    expect(headers.get('cross-origin-opener-policy')).toBeNull()
    expect(headers.get('content-security-policy')).not.toBeNull()
  })

  it.each([
    ['model.onnx', 'application/octet-stream'],
    ['run.wasm', 'application/wasm'],
    ['run.mjs', 'text/javascript; charset=utf-8'],
  ])('knows the type of %s', async (name, type) => {
    expect((await fetch(server.url + name)).headers.get('content-type')).toBe(type)
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/sub/../../secret.txt',
    '/..\\secret.txt',
    '/%00',
    '/%zz',
    '//../secret.txt',
  ])('does not leave its folder for %s', async (path) => {
    const { status, body } = await raw(path)
    expect(status).toBe(404)
    expect(body).not.toContain('secret')
  })

  it('answers ranges, and refuses those beyond the end', async () => {
    const part = await fetch(`${server.url}model.onnx`, { headers: { range: 'bytes=2-4' } })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234'])
    const beyond = await fetch(`${server.url}model.onnx`, { headers: { range: 'bytes=10-' } })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  })

  it('answers a range from the end, and the whole file where its version is another or several ranges are asked for', async () => {
    const part = async (headers: Record<string, string>) => {
      const answer = await fetch(`${server.url}model.onnx`, { headers })
      return [answer.status, await answer.text()]
    }
    expect(await part({ range: 'bytes=-3' })).toEqual([206, '789'])
    const version = (await fetch(`${server.url}model.onnx`)).headers.get('last-modified') ?? ''
    expect(await part({ range: 'bytes=2-4', 'if-range': version })).toEqual([206, '234'])
    expect(await part({ range: 'bytes=2-4', 'if-range': new Date(0).toUTCString() })).toEqual([200, '0123456789'])
    expect(await part({ range: 'bytes=0-1,3-4' })).toEqual([200, '0123456789'])
  })

  it('tells of a file without sending it', async () => {
    const { status, headers, body } = await fetch(`${server.url}model.onnx`, { method: 'HEAD' })
    expect([status, headers.get('content-length'), body]).toEqual([200, '10', null])
  })

  it('lets a browser revalidate', async () => {
    const etag = (await fetch(`${server.url}model.onnx`)).headers.get('etag') ?? ''
    expect((await fetch(`${server.url}model.onnx`, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  it('sends a folder without its slash on, and finds its index', async () => {
    const { status, headers } = await fetch(`${server.url}sub?x=1`, { redirect: 'manual' })
    expect([status, headers.get('location')]).toEqual([301, '/sub/?x=1'])
    expect(await (await fetch(`${server.url}sub/`)).text()).toBe('below')
  })

  it('refuses other methods', async () => {
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405)
  })

  it('takes the next free port when the wanted one is busy, unless told not to', async () => {
    const next = await serve({ dir: folder, port: server.port })
    expect(next.port).toBeGreaterThan(server.port)
    await next.close()
    await expect(serve({ dir: folder, port: server.port, strictPort: true })).rejects.toThrow(`Port ${server.port} is busy.`)
  })
})

describe('rangeOf', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-', { start: 0, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=4-100', { start: 4, end: 9 }],
    ['bytes=5-4', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=0-1,3-4', undefined],
    ['lines=1-2', undefined],
  ])('reads %s', (header, range) => {
    expect(rangeOf(header, 10)).toEqual(range)
  })
})

describe('fileOf', () => {
  it('keeps to the folder, not to folders that only begin like it', () => {
    expect(fileOf('/srv/site', '/../site-secret/x')).toBeUndefined()
    expect(fileOf('/srv/site', '/a%20b.txt?x')).toBe('/srv/site/a b.txt')
  })
})
