// Keeps the entry chunks of the page and of the workers free of shared code. WebKit does not share the module of a worker's entry with
// chunks that import the same address: it evaluates the entry once more, and a second engine without a model takes over the port.
import type { Plugin, Rolldown } from 'vite'

type OutputOptions = Rolldown.OutputOptions

/** Modules that start a page or a worker; they stay alone in their chunks. */
const ENTRY_MODULE = /[\\/](?:src[\\/]main\.tsx|workers[\\/][\w-]+\.worker\.ts)$/

/**
 * Output options that put what an entry imports statically into a chunk beside it.
 * @param name of that chunk
 */
export function entriesThatImportOnly(name: string): OutputOptions {
  return {
    codeSplitting: { groups: [{ name, tags: ['$initial'], test: (id) => id !== '' && !ENTRY_MODULE.test(id) && !id.endsWith('.html') }] },
  }
}

/** What `importsOfEntries` reads of a bundle. */
export type ChunkGraph = Readonly<
  Record<
    string,
    { readonly type: string; readonly isEntry?: boolean; readonly imports?: readonly string[]; readonly dynamicImports?: readonly string[] }
  >
>

/** A sentence for each chunk that imports an entry chunk. */
export function importsOfEntries(bundle: ChunkGraph): readonly string[] {
  const entries = new Set(Object.entries(bundle).flatMap(([file, { isEntry }]) => (isEntry ? [file] : [])))
  return Object.entries(bundle).flatMap(([file, { imports = [], dynamicImports = [] }]) =>
    [...imports, ...dynamicImports].flatMap((imported) =>
      entries.has(imported) ? [`${file} imports the entry chunk ${imported}: WebKit would evaluate it twice`] : [],
    ),
  )
}

/** A Vite plugin: the build fails when any chunk imports an entry chunk. */
export function entryChunks(): Plugin {
  return {
    name: 'innerscope:entry-chunks',
    apply: 'build',
    generateBundle(_options, bundle) {
      const faults = importsOfEntries(bundle)
      if (faults.length > 0) this.error(faults.join('\n'))
    },
  }
}
