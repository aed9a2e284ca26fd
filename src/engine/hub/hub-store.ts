// What is kept of hubs between visits, by repository and name. A store may fail or forget at any time: it only ever saves a request.

import type { HubRepo, StoredRepo } from '#protocol/hub-api'
import type { FileBlob } from '#protocol/model-api'
import type { KeepFailure } from '../files/file-store.ts'

/** An entry of a repository: a file, or a note about it. Names are paths. */
export interface HubEntry extends HubRepo {
  readonly name: string
}

export interface HubStore {
  /** Null when the entry is not kept; never throws. */
  read(entry: HubEntry): Promise<FileBlob | null>
  /** Null when it was kept; never throws. */
  write(entry: HubEntry, bytes: Uint8Array<ArrayBuffer>): Promise<KeepFailure | null>
}

/** A store that can be looked through and cleared. */
export interface HubShelf extends HubStore {
  /** Removes all entries of a repository. */
  forget(repo: HubRepo): Promise<void>
  /** The repositories with entries, and their bytes. */
  stored(): Promise<readonly StoredRepo[]>
}

/** Bytes by repository, of entries in any order. */
export function sumByRepo(entries: Iterable<StoredRepo>): readonly StoredRepo[] {
  const sums = new Map<string, StoredRepo>()
  for (const { address, repo, bytes } of entries) {
    const key = `${address} ${repo}`
    sums.set(key, { address, repo, bytes: (sums.get(key)?.bytes ?? 0) + bytes })
  }
  return [...sums.values()]
}
