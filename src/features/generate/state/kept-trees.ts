// Trees of texts that the page has left, as "Why" leaves one: undo leads back to them.

import type { ModelInput } from '#protocol/prediction'
import type { Tree } from './tree.ts'

/** Each holds the candidates of all its tokens: some tens of kB for a hundred. */
const MOST_KEPT = 8

export interface KeptTrees {
  keep(input: ModelInput, tree: Tree): void
  /** @param model as the tree names it */
  of(input: ModelInput, model: string): Tree | null
}

export function createKeptTrees(): KeptTrees {
  const kept = new Map<string, Tree>()
  const keyOf = ({ text, edits, chat }: ModelInput, model: string | null): string => JSON.stringify([model, text, edits, chat ?? false])
  return {
    keep: (input, tree) => {
      const key = keyOf(input, tree.model)
      kept.delete(key)
      kept.set(key, tree)
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
    },
    of: (input, model) => kept.get(keyOf(input, model)) ?? null,
  }
}
