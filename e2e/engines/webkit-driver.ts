// WebKitGTK's WebDriver as a process of its own: started with a screen and a message bus that nobody else sees, ended with all it started.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { until } from './engine-page.ts'

const ANSWER_MS = 60_000

export interface WebKitSession {
  readonly version: string
  /** Sends a command of the session (W3C WebDriver): its path begins after the session's own. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  close(): Promise<void>
}

/**
 * Starts a browser on a screen that nobody sees.
 * @param browser MiniBrowser's path @param screen its size, as 1366x768
 */
export async function startWebKit(browser: string, screen: string): Promise<WebKitSession> {
  const children: ChildProcess[] = []
  const end = (): void => {
    for (const child of children.toReversed()) child.kill()
  }
  try {
    const server = start(children, 'Xvfb', ['-displayfd', '3', '-screen', '0', `${screen}x24`, '-nolisten', 'tcp'], {}, 3)
    // Without a message bus of its own the browser never answers.
    const bus = start(children, 'dbus-daemon', ['--session', '--nofork', '--print-address=3'], {}, 3)
    const [display, address] = await Promise.all([server, bus])
    const port = await freePort()
    await start(children, 'WebKitWebDriver', [`--port=${port}`], {
      DISPLAY: `:${display}`,
      DBUS_SESSION_BUS_ADDRESS: address,
      GDK_BACKEND: 'x11',
      NO_AT_BRIDGE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
      LANGUAGE: 'en',
      // As root, which is what containers run as, its sandbox does not start.
      ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
    })
    return await openSession(`http://127.0.0.1:${port}`, browser, end)
  } catch (error) {
    end()
    throw error
  }
}

/** Starts a program that ends with us, and reads the line that it writes to descriptor `line`, if it writes one. */
async function start(
  children: ChildProcess[],
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  line?: 3,
): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  children.push(child)
  let written = ''
  child.stdio[line ?? 3]?.on('data', (bytes: Buffer) => {
    written += bytes.toString()
  })
  let failed = ''
  child.on('error', ({ message }) => {
    failed = message
  })
  if (line === undefined) return ''
  return until(program, async () => {
    if (failed !== '') throw new Error(failed)
    return written.includes('\n') && written.trim()
  })
}

async function openSession(address: string, browser: string, end: () => void): Promise<WebKitSession> {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(address + path, {
      method,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const { value } = (await response.json()) as { value: unknown }
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`)
    return value
  }
  await until('WebKitWebDriver', () => ask('GET', '/status').then(Boolean, () => false))
  const options = { binary: browser, args: ['--automation'] }
  const { sessionId, capabilities } = (await ask('POST', '/session', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
  })) as { sessionId: string; capabilities: { browserVersion: string } }
  const own = `/session/${sessionId}`
  return {
    version: `WebKitGTK/${capabilities.browserVersion}`,
    ask: (method, path, body) => ask(method, own + path, body),
    close: async () => {
      await ask('DELETE', own).catch(() => undefined)
      end()
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
