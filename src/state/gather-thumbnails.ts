import type { ThumbnailSet } from './app-state.ts'

/** A stream that lasts longer than this is shown as it comes. */
const HOLD_MS = 100

export interface Gathering<Data> {
  add(layer: number, set: ThumbnailSet<Data>): void
  /** Hands on what is still held; nothing more comes. */
  finish(): void
}

/**
 * Collects the thumbnails of a run's layers and hands them on together: at the end, or every 100 ms of a long stream, so that the
 * page draws once and not once a layer.
 */
export function gatherThumbnails<Data>(
  commit: (gathered: ReadonlyMap<number, ThumbnailSet<Data>>) => void,
  now: () => number = () => performance.now(),
): Gathering<Data> {
  let held = new Map<number, ThumbnailSet<Data>>()
  let since = now()
  const finish = (): void => {
    const gathered = held
    held = new Map()
    since = now()
    commit(gathered)
  }
  return {
    add(layer, set) {
      held.set(layer, set)
      if (now() - since >= HOLD_MS) finish()
    },
    finish,
  }
}

/** The sets of all layers with the gathered ones in their places. */
export function withThumbnails<Data>(
  sets: readonly (ThumbnailSet<Data> | null)[],
  gathered: ReadonlyMap<number, ThumbnailSet<Data>>,
): readonly (ThumbnailSet<Data> | null)[] {
  return sets.map((set, layer) => gathered.get(layer) ?? set)
}

/** Old sets stay until new ones replace them, so that the grid does not flicker; none where the number of layers is another. */
export function keptThumbnails<Data>(
  sets: readonly (ThumbnailSet<Data> | null)[] | undefined,
  layers: number,
): readonly (ThumbnailSet<Data> | null)[] {
  return sets?.length === layers ? sets : new Array<null>(layers).fill(null)
}
