// Small facts that are kept beside files, so that a model which was fetched before starts without a network.

import * as v from 'valibot'
import type { HubPlace } from './hub-address.ts'
import type { HubEntry, HubStore } from './hub-store.ts'
import type { FileList } from './list-files.ts'

const listSchema: v.GenericSchema<unknown, FileList> = v.object({
  commit: v.nullable(v.string()),
  license: v.nullable(v.string()),
  gated: v.boolean(),
  exhaustive: v.boolean(),
  files: v.array(
    v.object({ path: v.string(), size: v.nullable(v.number()), sha256: v.nullable(v.string()), version: v.nullable(v.string()) }),
  ),
})
const dataSchema = v.array(v.string())

/** The list that a revision had when it was last asked for; null when it is not kept. */
export function readListNote(store: HubStore, place: HubPlace): Promise<FileList | null> {
  return readNote(store, listEntry(place, place.revision), listSchema)
}

/** Keeps a list under the revision that was asked for and under the commit that it stands for. */
export async function writeListNote(store: HubStore, place: HubPlace, list: FileList): Promise<void> {
  for (const revision of new Set([place.revision, list.commit ?? place.revision])) await writeNote(store, listEntry(place, revision), list)
}

/** Locations of the data that a kept graph names. */
export async function readDataNote(store: HubStore, graph: HubEntry): Promise<readonly string[]> {
  return (await readNote(store, dataEntry(graph), dataSchema)) ?? []
}

export async function writeDataNote(store: HubStore, graph: HubEntry, locations: readonly string[]): Promise<void> {
  if (locations.length > 0) await writeNote(store, dataEntry(graph), locations)
}

function listEntry({ address, repo }: HubPlace, revision: string): HubEntry {
  return { address, repo, name: `notes/list/${revision}` }
}

function dataEntry({ address, repo, name }: HubEntry): HubEntry {
  return { address, repo, name: `notes/data/${name}` }
}

async function readNote<T>(store: HubStore, entry: HubEntry, schema: v.GenericSchema<unknown, T>): Promise<T | null> {
  const kept = await store.read(entry)
  if (kept === null) return null
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(await kept.arrayBuffer())))
    return parsed.success ? parsed.output : null
  } catch {
    // A damaged note is no note.
    return null
  }
}

async function writeNote(store: HubStore, entry: HubEntry, note: unknown): Promise<void> {
  await store.write(entry, new TextEncoder().encode(JSON.stringify(note)))
}
