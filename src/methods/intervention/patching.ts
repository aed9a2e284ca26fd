// How much of the difference between two texts a patch restores, or takes away (Wang et al., "Interpretability in the Wild", 2022,
// section 3; Meng et al., "Locating and Editing Factual Associations in GPT", 2022, section 2).

import type { PatchDirection } from '#catalogue/interventions'
import { float32At } from '#tensor/vector'
import type { Activation } from './activation-change.ts'

/** A smaller difference between the two texts, in the number's unit, is mostly rounding once others are divided by it. */
export const SMALLEST_GAP = 0.1

/**
 * Denoising: (patched - corrupt) / (clean - corrupt), 0 for nothing, 1 for all restored. Noising: (clean - patched) / (clean - corrupt),
 * 0 for unharmed, 1 for all taken away.
 * @param clean the target's number for A, `corrupt` for B, `patched` for the run with the other's activation
 */
export function patchedShare(direction: PatchDirection, patched: number, clean: number, corrupt: number): number {
  return (direction === 'denoise' ? patched - corrupt : clean - patched) / (clean - corrupt)
}

/** Heads that are one: keys and values that query heads share are copies of each other. In the order of the heads, each group once. */
export function headGroups({ heads, tokens, width, data }: Activation): readonly (readonly number[])[] {
  const size = tokens * width
  const isCopy = (head: number): boolean => {
    for (let at = 0; at < size; at++) if (float32At(data, head * size + at) !== float32At(data, (head - 1) * size + at)) return false
    return true
  }
  const groups: number[][] = []
  for (let head = 0; head < heads; head++) {
    const last = groups.at(-1)
    if (last !== undefined && isCopy(head)) last.push(head)
    else groups.push([head])
  }
  return groups
}
