import type { ThumbnailSet } from './app-state.ts'

/** A stream that lasts longer than this is shown as it comes. */
const HOLD_MS = 100

/**
 * Collects the thumbnails of a run's layers and hands them on together: at the last layer, or every 100 ms of a long stream,
 * so that the page draws once and not once a layer.
 */
export function gatherThumbnails<Data>(
  layers: number,
  commit: (gathered: ReadonlyMap<number, ThumbnailSet<Data>>) => void,
  now: () => number = () => performance.now(),
): (layer: number, set: ThumbnailSet<Data>) => void {
  let held = new Map<number, ThumbnailSet<Data>>()
  let since = now()
  return (layer, set) => {
    held.set(layer, set)
    if (layer < layers - 1 && now() - since < HOLD_MS) return
    const gathered = held
    held = new Map()
    since = now()
    commit(gathered)
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
