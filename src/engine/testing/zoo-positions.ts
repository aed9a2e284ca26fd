// Scores of a file of the zoo at chosen positions, compared with the rows of all scores.

import { join } from 'node:path'
import type { Tensor } from '#tensor/tensor'
import { conventionOf, parseConfig } from '../model/config.ts'
import { buildFeeds } from '../passes/feeds.ts'
import { loadRuntime } from '../runtime/session.ts'
import { largestGap } from './reference.ts'
import { prepareZooFile, readJson, rowOf, type ZooCase, type ZooFile } from './zoo.ts'

/** The last one, then one before, then the same again: an order of its own, and not all. */
const asked = (tokens: number): readonly number[] => [tokens - 1, 1, 1]

/**
 * Largest difference over the cases of the file's family; null where the file is given no input of positions.
 * @throws GraphError where the file is refused
 */
export async function measurePositions({ family, variant }: ZooFile): Promise<number | null> {
  const path = join(family, 'onnx', variant)
  const [whole, some] = [prepareZooFile(path), prepareZooFile(path, { pickPositions: true })]
  const { positionsInput } = some
  if (positionsInput === null) return null
  const { cases }: { readonly cases: readonly ZooCase[] } = readJson(join(family, 'reference.json'))
  const layout = conventionOf(parseConfig(readJson(join(family, 'config.json'))))
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const [full, picking] = [await runtime.create(whole, 'wasm'), await runtime.create(some, 'wasm')]
  let gap = 0
  for (const { inputs } of cases) {
    const row = rowOf(inputs)
    const positions = asked(row.ids.length)
    const feeds = buildFeeds(whole.inputs, row, layout)
    const scores = (await full.run(feeds, [whole.outputs.logits]))[whole.outputs.logits]
    const at = { [positionsInput]: { dims: [positions.length], data: BigInt64Array.from(positions, BigInt) } }
    const picked = (await picking.run({ ...feeds, ...at }, [some.outputs.logits]))[some.outputs.logits]
    gap = Math.max(gap, largestGap(picked?.data ?? [], scores === undefined ? [] : rowsOf(scores, positions)))
  }
  await full.release()
  await picking.release()
  return gap
}

/** [1,T,V] at some positions. */
function rowsOf({ dims, data }: Tensor, positions: readonly number[]): readonly number[] {
  const width = dims.at(-1) ?? 0
  return positions.flatMap((position) => Array.from(data.subarray(position * width, (position + 1) * width)))
}
