// The hub worker's side of the protocol: lists, downloads, and what is kept of both.

import type { HubApi, HubListing } from '#protocol/hub-api'
import type { Handlers } from '#protocol/serve'
import { EngineError } from '../error.ts'
import { downloadFiles, type HubEnvironment } from './download-files.ts'
import { checkRepo, type HubPlace, hubPlace, isCommit, normalAddress } from './hub-address.ts'
import { readListNote, writeListNote } from './hub-notes.ts'
import { type FileList, listFiles } from './list-files.ts'
import { modelFilesOf } from './model-files-of.ts'

export function createHub(environment: HubEnvironment): Handlers<HubApi> {
  const { store, fetch } = environment
  return {
    list: async ({ address, repo, revision }, { signal }) => {
      const place = hubPlace(address, repo, revision)
      const kept = await readListNote(store, place)
      // A commit never changes.
      if (kept !== null && isCommit(revision)) return listingOf(place, kept)
      signal.throwIfAborted()
      try {
        const list = await listFiles(place, fetch, signal)
        const listing = listingOf(place, list)
        await writeListNote(store, place, list)
        return listing
      } catch (error) {
        if (kept !== null && isPassing(error)) return listingOf(place, kept)
        throw error
      }
    },
    download: async (request, { signal, progress }) => {
      const kept = await readListNote(store, hubPlace(request.address, request.repo, request.commit))
      const known = new Map(kept?.files.map((file) => [file.path, file]))
      return downloadFiles(request, known, environment, signal, progress)
    },
    forget: async ({ address, repo }) => {
      checkRepo(repo)
      await store.forget({ address: normalAddress(address), repo })
      return null
    },
    stored: () => store.stored(),
  }
}

/** Whether the hub may answer another time. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof EngineError)) return false
  const { status = 0 } = error.data
  return error.kind === 'hub-unreachable' || (error.kind === 'hub-refused' && (Number(status) >= 500 || status === 429 || status === 408))
}

/** @throws EngineError `hub-no-onnx` { repo }, `hub-no-tokenizer` { repo } */
function listingOf({ repo, revision }: HubPlace, list: FileList): HubListing {
  const found = modelFilesOf(list.files)
  if (found.models.length === 0) throw new EngineError('hub-no-onnx', `${repo} has no ONNX file.`, { repo })
  if (!list.files.some(({ path }) => /(?:^|\/)tokenizer\.json$/.test(path))) {
    throw new EngineError('hub-no-tokenizer', `${repo} has no tokenizer.json.`, { repo })
  }
  return { repo, revision, ...list, ...found }
}
