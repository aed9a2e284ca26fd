// Finds the two other engines to test with, Firefox and WebKit: installed ones first, then Debian's packages.
import { delimiter, join } from 'node:path'
import { type Machine, thisMachine } from './find-browser.ts'

/** A browser that is driven, and what finds it. */
export interface Engine {
  /** As the reader knows it. */
  readonly name: string
  /** Of the environment: it names another program. */
  readonly variable: string
  /** Its program, never installed here. */
  readonly find: (machine: Machine) => string | undefined
  /** Of Debian. */
  readonly packages: readonly string[]
}

export const ENGINES: readonly Engine[] = [
  { name: 'Firefox', variable: 'INNERSCOPE_FIREFOX', find: findFirefox, packages: ['firefox-esr'] },
  { name: 'WebKit', variable: 'INNERSCOPE_WEBKIT', find: findWebKit, packages: ['webkit2gtk-driver', 'xvfb', 'dbus'] },
]

function findFirefox(machine: Machine): string | undefined {
  const { env, platform } = machine
  const places =
    platform === 'darwin'
      ? ['/Applications', join(env.HOME ?? '/', 'Applications')].map((folder) => join(folder, 'Firefox.app/Contents/MacOS/firefox'))
      : platform === 'win32'
        ? [env.PROGRAMFILES, env['PROGRAMFILES(X86)']].flatMap((root) => (root ? [join(root, 'Mozilla Firefox', 'firefox.exe')] : []))
        : onPath(machine, 'firefox-esr', 'firefox')
  return places.find((path) => machine.exists(path) && machine.starts(path))
}

/** WebKitGTK, of Linux only: its small browser, with its driver and what gives them a screen. */
function findWebKit(machine: Machine): string | undefined {
  if (machine.platform !== 'linux') return undefined
  const helpers = ['WebKitWebDriver', 'Xvfb', 'dbus-daemon']
  if (helpers.some((name) => !onPath(machine, name).some(machine.exists))) return undefined
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/libexec', '/usr/lib64', '/usr/lib']
  return folders.map((folder) => join(folder, 'webkit2gtk-4.1/MiniBrowser')).find(machine.exists)
}

function onPath({ env }: Machine, ...names: readonly string[]): readonly string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** An engine's program that is already on the machine; never installs anything. */
export function findEngine({ variable, find }: Engine, machine = thisMachine()): string | undefined {
  const chosen = machine.env[variable]
  if (!chosen) return find(machine)
  if (machine.exists(chosen)) return chosen
  throw new Error(`${variable} names ${chosen}, but there is no such file.`)
}

export interface FoundEngines {
  /** Each engine's program as its variable of the environment. */
  readonly env: Readonly<Record<string, string>>
  /** Names of engines that cannot be had. */
  readonly missing: readonly string[]
}

/** Installs what is missing where that is possible. */
export function ensureEngines(machine = thisMachine()): FoundEngines {
  const env: Record<string, string> = {}
  const missing: string[] = []
  for (const engine of ENGINES) {
    const found = findEngine(engine, machine) ?? installed(engine, machine)
    if (found === undefined) missing.push(engine.name)
    // An empty one says that it was looked for.
    env[engine.variable] = found ?? ''
  }
  return { env, missing }
}

function installed(engine: Engine, machine: Machine): string | undefined {
  if (!machine.root || machine.platform !== 'linux' || !machine.isDebian()) return undefined
  console.log(`${engine.name} is not installed: installing ${engine.packages.join(', ')}.`)
  machine.install('apt-get', ['update', '-q'])
  machine.install('apt-get', ['install', '-y', '-q', ...engine.packages])
  return findEngine(engine, machine)
}

/** What the summary says of engines that were not tried, and whether that is a failure: it is where CI is set. */
export function tellMissing(missing: readonly string[], ci: boolean): { readonly lines: readonly string[]; readonly failed: number } {
  return {
    lines: missing.map((name) =>
      ci
        ? `FAIL ${name}: it is not installed and could not be; where CI is set, every engine is to be tried`
        : `Not tried in ${name}: it is not installed and could not be. README names what it needs.`,
    ),
    failed: ci ? missing.length : 0,
  }
}
