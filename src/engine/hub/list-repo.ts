// A repository's listing: from the hub or, where it does not answer, as it was last; with the models that it holds.

import type { HubApi, HubListing } from '#protocol/hub-api'
import { EngineError } from '../error.ts'
import { type HubPlace, hubPlace, isCommit } from './hub-address.ts'
import type { HubEnvironment } from './hub-environment.ts'
import { readListNote, writeListNote } from './hub-notes.ts'
import { type FileList, listFiles } from './list-files.ts'
import { modelFilesOf } from './model-files-of.ts'

/**
 * @throws EngineError `hub-no-onnx` { repo }, `hub-no-tokenizer` { repo }, and those of `hubPlace` and `listFiles`; the signal's reason
 * when cancelled
 */
export async function listRepo(
  { address, repo, revision }: HubApi['list']['args'],
  { store, fetch }: HubEnvironment,
  signal: AbortSignal,
): Promise<HubListing> {
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
}

/** Whether the hub may answer another time. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof EngineError)) return false
  const { status = 0 } = error.data
  return error.kind === 'hub-unreachable' || (error.kind === 'hub-refused' && (Number(status) >= 500 || status === 429 || status === 408))
}

function listingOf({ repo, revision }: HubPlace, list: FileList): HubListing {
  const found = modelFilesOf(list.files)
  if (found.models.length === 0) throw new EngineError('hub-no-onnx', `${repo} has no ONNX file.`, { repo })
  if (!list.files.some(({ path }) => /(?:^|\/)tokenizer\.json$/.test(path))) {
    throw new EngineError('hub-no-tokenizer', `${repo} has no tokenizer.json.`, { repo })
  }
  return { repo, revision, ...list, ...found }
}
