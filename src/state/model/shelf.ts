// What the page remembers of models between visits: the hub's address and the models that the reader opened.

import { DEFAULT_HUB, type ModelRef, readModelRef, sameModel, writeModelRef } from '#share/model-ref'
import type { Shelf } from '../app-state.ts'

/** More would not be a list that one looks through. */
const MAX_RECENT = 8
const HUB = 'innerscope-hub'
const RECENT = 'innerscope-recent-models'

export type ShelfStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null

/** Never throws: what cannot be read is forgotten. */
export function readShelf(storage: ShelfStorage): Shelf {
  try {
    const recent = (storage?.getItem(RECENT) ?? '').split('\n').flatMap((line) => readModelRef(line) ?? [])
    return { hub: hubAddress(storage?.getItem(HUB) ?? '') ?? DEFAULT_HUB, recent: recent.slice(0, MAX_RECENT) }
  } catch {
    return { hub: DEFAULT_HUB, recent: [] }
  }
}

export function writeShelf(storage: ShelfStorage, { hub, recent }: Shelf): void {
  try {
    if (hub === DEFAULT_HUB) storage?.removeItem(HUB)
    else storage?.setItem(HUB, hub)
    // Files of the reader's device are gone at the next visit.
    const lasting = recent.filter(({ kind }) => kind !== 'local')
    storage?.setItem(RECENT, lasting.map(writeModelRef).join('\n'))
  } catch {
    // A full or forbidden storage forgets; nothing else is lost.
  }
}

/** The shelf after a model was opened. */
export function withOpened(shelf: Shelf, ref: ModelRef): Shelf {
  return { ...shelf, recent: [ref, ...shelf.recent.filter((other) => !sameModel(other, ref))].slice(0, MAX_RECENT) }
}

/** A typed address as it is kept: http or https, without an ending slash; null where it is none. */
export function hubAddress(typed: string): string | null {
  try {
    const { protocol, origin, pathname, username } = new URL(typed.trim())
    if ((protocol !== 'https:' && protocol !== 'http:') || username !== '') return null
    return (origin + pathname).replace(/\/+$/, '')
  } catch {
    return null
  }
}
