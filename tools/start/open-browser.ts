// Opens the page in the reader's browser, where there is one to open.
import { spawn } from 'node:child_process'

interface Circumstances {
  readonly noOpen: boolean
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
}

export function shouldOpen({ noOpen, env, platform }: Circumstances): boolean {
  if (noOpen || env.CI || env.BROWSER === 'none') return false
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/** A browser that does not start is no failure: the address is printed. */
export function openBrowser(url: string): void {
  const openers: Partial<Record<NodeJS.Platform, readonly [string, readonly string[]]>> = {
    darwin: ['open', [url]],
    win32: ['cmd', ['/c', 'start', '', url]],
  }
  const [command, args] = openers[process.platform] ?? ['xdg-open', [url]]
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
