// A registry that keeps only some platforms' packages makes npm write a lock file that `npm ci` then refuses everywhere:
// optional packages of other platforms are missing from it. Their entries follow from their names, so they can be put back.

/** @typedef {Record<string, string>} Ranges */
/**
 * @typedef {object} Entry
 * @property {string} [version]
 * @property {string} [resolved]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {readonly string[]} [os]
 * @property {readonly string[]} [cpu]
 * @property {readonly string[]} [libc]
 * @property {Ranges} [optionalDependencies]
 */
/** @typedef {Record<string, Entry>} Packages `packages` of package-lock.json */

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']

/**
 * Optional packages with one exact version that the lock file names but does not hold.
 * @param {Packages} packages
 * @returns {{ by: string, name: string, version: string }[]}
 */
export function missingPlatforms(packages) {
  return Object.entries(packages).flatMap(([by, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !holds(packages, by, name))
      .map(([name, version]) => ({ by, name, version })),
  )
}

/**
 * The same packages with an entry for every missing platform, in npm's order.
 * The entries carry no checksum: npm adds it where it can see the package.
 * @param {Packages} packages
 * @returns {Packages}
 * @throws {Error} when a name does not tell the platform, or its place is taken by another version
 */
export function completePlatforms(packages) {
  const all = { ...packages }
  for (const { by, name, version } of missingPlatforms(packages)) {
    const path = `node_modules/${name}`
    if (all[path] !== undefined && all[path].version !== version) throw new Error(`${path} is wanted in two versions`)
    all[path] = { version, ...platformOf(name), ...(packages[by]?.dev ? { dev: true } : {}), optional: true }
  }
  const order = new Intl.Collator('en')
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => order.compare(a, b)))
}

/**
 * @param {string} name such as @rollup/rollup-linux-x64-musl
 * @returns {Pick<Entry, 'os' | 'cpu' | 'libc'>}
 * @throws {Error} when the name does not tell the platform
 */
export function platformOf(name) {
  const words = name.split('-')
  const os = SYSTEMS.filter((system) => words.includes(system))
  const cpu = PROCESSORS.filter((processor) => words.includes(processor))
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`${name} does not tell its platform`)
  const last = words.at(-1) ?? ''
  const libc = os[0] !== 'linux' ? [] : last.startsWith('musl') ? ['musl'] : last.startsWith('gnu') ? ['glibc'] : []
  return { cpu, ...(libc.length > 0 ? { libc } : {}), os }
}

/**
 * Whether `by` finds `name`, in its own folder or one above.
 * @param {Packages} packages
 * @param {string} by
 * @param {string} name
 */
function holds(packages, by, name) {
  const folders = by.split('/node_modules/')
  const above = folders.map((_, at) => folders.slice(0, at + 1).join('/node_modules/'))
  return ['', ...above].some((folder) => packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined)
}
