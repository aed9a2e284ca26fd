// A model of a hub for the headless command: fetched as the page does it, kept in a folder of this machine.

import { homedir } from 'node:os'
import { join } from 'node:path'
import { downloadFiles } from '#engine/hub/download-files'
import type { HubEnvironment } from '#engine/hub/hub-environment'
import { listRepo } from '#engine/hub/list-repo'
import type { HubProgress } from '#protocol/hub-api'
import { DEFAULT_HUB } from '#share/model-ref'
import { folderHubStore } from './folder-hub-store.ts'
import { chosenGraphs, type ModelPlace } from './model-place.ts'

export interface HubModelName {
  readonly repo: string
  /** Null for `INNERSCOPE_HUB`, or the public hub. */
  readonly address: string | null
  readonly revision: string | null
}

/**
 * @param patterns of graphs; none for the one that the page would take
 * @param tell gets a line for a person, now and then
 * @throws EngineError of the hub, `file-missing`
 */
export async function hubPlace(
  { repo, address: named, revision }: HubModelName,
  patterns: readonly string[],
  tell: (line: string) => void,
): Promise<ModelPlace> {
  const address = named ?? process.env.INNERSCOPE_HUB ?? DEFAULT_HUB
  const environment: HubEnvironment = { fetch, store: folderHubStore(join(cacheFolder(), 'hub')) }
  const { signal } = new AbortController()
  const listing = await listRepo({ address, repo, revision: revision ?? 'main' }, environment, signal)
  const { models, sideFiles, suggested, commit } = listing
  const all = models.map(({ path }) => path)
  return {
    name: repo,
    graphs: chosenGraphs(repo, all, patterns, (pattern) => (all.includes(pattern) ? pattern : null), suggested),
    open: async (graph) => {
      const wanted = [...(models.find(({ path }) => path === graph)?.files ?? []), ...sideFiles]
      const request = { address, repo, commit: commit ?? listing.revision, files: wanted }
      const { files } = await downloadFiles(request, environment, signal, inLines(tell))
      const read = new Map<string, Uint8Array>()
      for (const { path, blob } of files) read.set(path, new Uint8Array(await blob.arrayBuffer()))
      return (path) => read.get(path)
    },
  }
}

/** `INNERSCOPE_CACHE`, or a folder of ours where this system's programs keep what they can fetch again. */
function cacheFolder(): string {
  const { INNERSCOPE_CACHE, XDG_CACHE_HOME } = process.env
  return INNERSCOPE_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'innerscope')
}

const TELL_EVERY_MS = 2000

/** Progress as lines, few enough for a log. */
function inLines(tell: (line: string) => void): (progress: HubProgress) => void {
  let toldAt = Number.NEGATIVE_INFINITY
  return (progress) => {
    if (progress.kind === 'retry') return tell(`The line broke (${progress.reason}), trying again in ${progress.waitMs / 1000} s ...`)
    if (progress.kind === 'stage' || progress.fromCache) return
    const { received, total } = progress
    const now = performance.now()
    if (now - toldAt < TELL_EVERY_MS && received !== total) return
    toldAt = now
    tell(`fetched ${megabytes(received)}${total === null ? '' : ` of ${megabytes(total)}`} MB`)
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
