// Finds a Chromium to test with: an installed one first, then Playwright's, then Debian's package.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES_ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const PROBE_MS = 20_000
const INSTALL_MS = 240_000

/** What the search looks at. Tests replace it. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  /** Whether the process may install system packages. */
  readonly root: boolean
  readonly exists: (path: string) => boolean
  /** Whether the program answers `--version` in time. */
  readonly starts: (path: string) => boolean
  /** Where Playwright keeps its Chromium, installed or not. */
  readonly playwrightPath: () => Promise<string | undefined>
  /** Runs a command in limited time; true when it succeeded. */
  readonly install: (command: string, args: readonly string[]) => boolean
  readonly isDebian: () => boolean
}

export function thisMachine(): Machine {
  return {
    env: process.env,
    platform: process.platform,
    root: process.getuid?.() === 0,
    exists: existsSync,
    starts: (path) => process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: PROBE_MS, stdio: 'ignore' }).status === 0,
    playwrightPath: async () => {
      try {
        const { chromium } = await import('@playwright/test')
        return chromium.executablePath()
      } catch {
        return undefined
      }
    },
    install: (command, args) =>
      spawnSync(command, args, { timeout: INSTALL_MS, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' })
        .status === 0,
    isDebian: () => {
      try {
        return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
      } catch {
        return false
      }
    },
  }
}

/** Places to look at, best first. */
export function candidates({ env, platform }: Machine): readonly string[] {
  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean)
  if (platform === 'darwin') {
    const apps = ['/Applications', join(env.HOME ?? '/', 'Applications')]
    return apps.flatMap((dir) => [
      join(dir, 'Chromium.app/Contents/MacOS/Chromium'),
      join(dir, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
    ])
  }
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined)
    return roots.flatMap((root) => [
      join(root, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(root, 'Chromium', 'Application', 'chrome.exe'),
    ])
  }
  return NAMES_ON_PATH.flatMap((name) => onPath.map((dir) => join(dir, name)))
}

/** Path of a Chromium that is already on the machine, or undefined. Never installs anything. */
export async function findBrowser(machine = thisMachine()): Promise<string | undefined> {
  const chosen = machine.env.INNERSCOPE_CHROMIUM
  if (chosen) {
    if (machine.exists(chosen)) return chosen
    throw new Error(`INNERSCOPE_CHROMIUM names ${chosen}, but there is no such file.`)
  }
  const installed = candidates(machine).find((path) => machine.exists(path) && machine.starts(path))
  if (installed) return installed
  const bundled = await machine.playwrightPath()
  return bundled !== undefined && machine.exists(bundled) ? bundled : undefined
}

/**
 * Path of a Chromium; installs one when there is none.
 * @throws Error with a sentence for the reader when no browser can be had
 */
export async function ensureBrowser(machine = thisMachine()): Promise<string> {
  const found = await findBrowser(machine)
  if (found) return found
  console.log('No Chromium found: asking Playwright to download one.')
  machine.install('npx', ['--no-install', 'playwright', 'install', 'chromium'])
  const downloaded = await findBrowser(machine)
  if (downloaded) return downloaded
  if (machine.root && machine.isDebian()) {
    console.log('Playwright could not download one: installing the chromium package.')
    machine.install('apt-get', ['update', '-q'])
    machine.install('apt-get', ['install', '-y', '-q', 'chromium'])
    const packaged = await findBrowser(machine)
    if (packaged) return packaged
  }
  throw new Error('No Chromium or Chrome was found and none could be installed: install one, or name it in INNERSCOPE_CHROMIUM.')
}

/** Command-line switches for every browser a test starts. */
export function launchArgs(machine: Pick<Machine, 'platform' | 'root'> = thisMachine()): readonly string[] {
  // Chromium refuses to start its sandbox as root, which is what containers run as.
  const sandbox = machine.platform === 'linux' && machine.root ? ['--no-sandbox'] : []
  return [...sandbox, '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
}

/**
 * The switch that turns features of Chromium off; of several such switches only the last counts. The address bar's own pages, which
 * nobody sees without a window, take a second of work for each context.
 */
export const withoutFeatures = (...features: readonly string[]): string =>
  `--disable-features=${[...features, 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'].join()}`

/** Software WebGPU, which every machine has: right, but slow. */
export const SOFTWARE_WEBGPU_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan,WebGPU',
  '--ignore-gpu-blocklist',
]
