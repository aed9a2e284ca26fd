// Where downloaded files are kept between visits. A store may fail or forget at any time: it only ever saves a download.

/** A file by address and content: a new version at the same address is another file. */
export interface FileKey {
  readonly url: string
  readonly sha256: string
}

/** Why a file could not be kept. */
export type KeepFailure = 'unavailable' | 'full'

export interface FileStore {
  /** The bytes of a file, null when it is not kept; never throws. */
  read(key: FileKey): Promise<Uint8Array<ArrayBuffer> | null>
  /** Keeps a file in place of any other version of it; null when it was kept, never throws. */
  write(key: FileKey, bytes: Uint8Array<ArrayBuffer>): Promise<KeepFailure | null>
  remove(key: FileKey): Promise<void>
}

/**
 * A store for tests and for programs without a browser; `room` in bytes.
 * @internal
 */
export function memoryFileStore(room = Number.POSITIVE_INFINITY): FileStore {
  const kept = new Map<string, { readonly sha256: string; readonly bytes: Uint8Array<ArrayBuffer> }>()
  return {
    read: async ({ url, sha256 }) => {
      const entry = kept.get(url)
      return entry?.sha256 === sha256 ? entry.bytes : null
    },
    write: async ({ url, sha256 }, bytes) => {
      if (bytes.byteLength > room) return 'full'
      kept.set(url, { sha256, bytes })
      return null
    },
    remove: async ({ url }) => {
      kept.delete(url)
    },
  }
}
