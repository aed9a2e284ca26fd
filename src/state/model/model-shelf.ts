// The models that are not the page's own: found on a hub, fetched by the worker that may, or chosen by the reader; and what is
// remembered of them.

import { EngineCallError, type WorkerCaller } from '#protocol/client'
import type { HubApi, HubListing } from '#protocol/hub-api'
import type { WireError } from '#protocol/messages'
import type { LoadProgress, ModelSource, OwnFile } from '#protocol/model-api'
import { type ModelRef, nameOfRef, sameModel, writeModelRef } from '#share/model-ref'
import type { AppStore } from '../store.ts'
import { digestOfFiles } from './content-digest.ts'
import { readShelf, type ShelfStorage, withOpened, writeShelf } from './shelf.ts'

/** A model's ref as far as it has to be fetched. */
export type OutsideRef = Exclude<ModelRef, { readonly kind: 'embedded' }>

type LocalRef = ModelRef & { readonly kind: 'local' }

export interface FetchContext {
  readonly signal: AbortSignal
  readonly onProgress: (progress: LoadProgress) => void
}

export interface ModelShelf {
  /** What the reader must be asked before a model is loaded; null for nothing. */
  questionAbout(ref: ModelRef): 'foreign' | 'local' | null
  /** The files of a model. @throws EngineCallError of the hub, or `files-gone` */
  fetch(ref: OutsideRef, context: FetchContext): Promise<ModelSource>
  /** Which files a repository has, or why that is not known; null when it was stopped. */
  look(repo: string, revision: string, signal: AbortSignal): Promise<HubListing | WireError | null>
  /**
   * Remembers files that the reader chose, which go with the page, and tells what to call the model that they are: another
   * content is another model, whatever its files are called. Or which file cannot be read any more.
   */
  keep(model: Pick<LocalRef, 'name' | 'file'>, files: readonly OwnFile[]): Promise<LocalRef | WireError>
  /** The reader chose this model on the page: it need not be asked about. */
  allow(ref: ModelRef): void
  /** Puts a model first among those that were opened. */
  opened(ref: ModelRef): void
  setHub(address: string): void
  /** Takes a model off the list, and its files off the device. */
  forget(ref: ModelRef): Promise<void>
}

/** @param hub starts the worker that fetches, at its first use */
export function createModelShelf(store: AppStore, storage: ShelfStorage, hub: () => WorkerCaller<HubApi>): ModelShelf {
  const chosen = new Map<string, readonly OwnFile[]>()
  const allowed = new Set<string>()
  const change = (shelf: ReturnType<typeof readShelf>): void => {
    store.setState({ shelf })
    writeShelf(storage, shelf)
  }
  store.setState({ shelf: readShelf(storage) })

  const fetchFromHub = async (
    { repo, revision, file }: OutsideRef & { readonly kind: 'hub' },
    { signal, onProgress }: FetchContext,
  ): Promise<ModelSource> => {
    const address = store.getState().shelf.hub
    onProgress({ kind: 'stage', stage: 'list' })
    const listing = await hub().call('list', { address, repo, revision }, { signal })
    const model = listing.models.find((candidate) => candidate.path === file)
    if (!model) throw new EngineCallError({ kind: 'file-missing', message: `${repo} has no ${file}.`, data: { path: file } })
    const { files, checked, kept } = await hub().call(
      'download',
      { address, repo, commit: listing.commit ?? revision, files: [...model.files, ...listing.sideFiles] },
      { signal, onProgress },
    )
    return { kind: 'files', name: repo, files, onnx: file, checked, kept, license: listing.license }
  }

  return {
    questionAbout: (ref) => {
      if (ref.kind === 'local') return chosen.has(writeModelRef(ref)) ? null : 'local'
      const known =
        ref.kind === 'embedded' || allowed.has(writeModelRef(ref)) || store.getState().shelf.recent.some((other) => sameModel(other, ref))
      return known ? null : 'foreign'
    },
    fetch: async (ref, context) => {
      if (ref.kind === 'hub') return fetchFromHub(ref, context)
      const files = chosen.get(writeModelRef(ref))
      if (!files)
        throw new EngineCallError({ kind: 'files-gone', message: 'The files must be chosen again.', data: { name: nameOfRef(ref) } })
      return { kind: 'files', name: ref.name, files, onnx: ref.file, checked: 'not', kept: 'own', license: null }
    },
    look: async (repo, revision, signal) => {
      try {
        return await hub().call('list', { address: store.getState().shelf.hub, repo, revision }, { lane: 'list', signal })
      } catch (error) {
        if (!(error instanceof EngineCallError)) throw error
        return error.kind === 'cancelled' ? null : error.toWire()
      }
    },
    keep: async ({ name, file }, files) => {
      try {
        const ref: LocalRef = { kind: 'local', name, file, digest: await digestOfFiles(files) }
        chosen.set(writeModelRef(ref), files)
        return ref
      } catch (error) {
        if (!(error instanceof EngineCallError)) throw error
        return error.toWire()
      }
    },
    allow: (ref) => void allowed.add(writeModelRef(ref)),
    opened: (ref) => change(withOpened(store.getState().shelf, ref)),
    setHub: (address) => change({ ...store.getState().shelf, hub: address }),
    forget: async (ref) => {
      const { shelf } = store.getState()
      change({ ...shelf, recent: shelf.recent.filter((other) => !sameModel(other, ref)) })
      if (ref.kind === 'local') chosen.delete(writeModelRef(ref))
      if (ref.kind === 'hub') await hub().call('forget', { address: shelf.hub, repo: ref.repo })
    },
  }
}
