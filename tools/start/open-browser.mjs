// Opens the page in the reader's browser, where there is one to open.
import { spawn } from 'node:child_process'

/**
 * @param {{ noOpen: boolean, env: NodeJS.ProcessEnv, platform: NodeJS.Platform }} circumstances
 * @returns {boolean}
 */
export function shouldOpen({ noOpen, env, platform }) {
  if (noOpen || env.CI || env.BROWSER === 'none') return false
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

/**
 * A browser that does not start is no failure: the address is printed.
 * @param {string} url
 */
export function openBrowser(url) {
  /** @type {Partial<Record<NodeJS.Platform, [string, string[]]>>} */
  const openers = { darwin: ['open', [url]], win32: ['cmd', ['/c', 'start', '', url]] }
  const [command, args] = openers[process.platform] ?? ['xdg-open', [url]]
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
