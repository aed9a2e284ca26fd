// What is kept of a run as long as the run itself.

import type { ForwardPass } from './pass-cache.ts'

/** A map of its own for each run; it goes when the run does. */
export function byRun<Key, Value>(): (run: ForwardPass) => Map<Key, Value> {
  const all = new WeakMap<ForwardPass, Map<Key, Value>>()
  return (run) => {
    const known = all.get(run) ?? new Map<Key, Value>()
    all.set(run, known)
    return known
  }
}
