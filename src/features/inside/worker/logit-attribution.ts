// Direct logit attribution of everything that writes into the stream.

import { EngineError } from '#engine/error'
import type { Written } from '#engine/passes/reading-passes'
import { gapOfSum, logitShares, type StreamParts, sumOfShares } from '#methods/inside/logit-attribution'
import { float32At } from '#tensor/vector'
import type { LogitAttribution } from '../api.ts'
import { type HeldReadout, holdReadout } from './held-norm.ts'
import { aimOf, type Reading, stateAt } from './reading.ts'

/** The parts must add up to the stream, relative to its largest number: float16 files round at every sum. */
const TOLERANCE = 5e-3

/** @throws EngineError `not-a-sum`, `run-failed` */
export async function attributeLogit(reading: Reading): Promise<LogitAttribution> {
  const { stream, position, heads } = reading
  const { written } = stream
  if (written === null) throw new EngineError('not-a-sum', 'What the heads and MLPs of this model write was not recognised.')
  // Every head by itself goes through its layer's output projection, and last none: that is the bias.
  const alone = written.joinedHeads.map((layer) => headsAlone(layer, stream.tokens, position, heads))
  const held = await holdReadout(reading, alone)
  const parts = partsOf(reading, written, held)
  if (!(gapOfSum(parts, held.end) <= TOLERANCE))
    throw new EngineError('not-a-sum', 'The stream of this model is not the sum of what its heads and MLPs write.')
  const shares = logitShares(parts, held.gradient)
  const { constant, difference, norm } = held
  return { ...aimOf(reading), ...shares, constant, sum: sumOfShares(shares) + constant, difference, scale: norm.scale }
}

function partsOf({ stream, position, heads }: Reading, written: Written, { projected }: HeldReadout): StreamParts {
  const { width } = stream
  const biases = projected.map((rows) => rows.slice(heads * width, (heads + 1) * width))
  return {
    embedding: stateAt(stream, 0, position),
    heads: projected.map((rows, layer) => {
      return Array.from({ length: heads }, (_, head) => {
        const own = rows.slice(head * width, (head + 1) * width)
        return own.map((value, at) => value - float32At(biases[layer] ?? EMPTY, at))
      })
    }),
    biases,
    mlps: mlpsAt(written, width, position),
  }
}

const EMPTY = new Float32Array()

/** [H+1,H*hd]: row h has the columns of head h, and the last row none. @throws EngineError `not-a-sum` */
function headsAlone(joined: Float32Array, tokens: number, position: number, heads: number): Float32Array {
  const width = joined.length / tokens
  const size = width / heads
  if (!Number.isInteger(size)) throw new EngineError('not-a-sum', 'The heads of this model are not of one size.')
  const alone = new Float32Array((heads + 1) * width)
  for (let head = 0; head < heads; head++) {
    const from = position * width + head * size
    alone.set(joined.subarray(from, from + size), head * width + head * size)
  }
  return alone
}

function mlpsAt({ mlps }: Written, width: number, position: number): readonly Float32Array[] {
  return mlps.map((mlp) => mlp.slice(position * width, (position + 1) * width))
}
