// What each head writes when it looks at one token alone, and how often that is the token itself.

import type { EngineServices } from '#engine/engine-services'
import { EngineError } from '#engine/error'
import type { LoadedModel } from '#engine/model/model'
import type { Turn } from '#engine/passes/token-game'
import { copyingScore, headsOnTokens } from '#methods/inside/copying'
import { heldGradient, holdNorm } from '#methods/inside/final-norm'
import { elementAt, float32At } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import type { CopyingScores, HeadRolesRequest } from '../api.ts'
import { randomRow } from './head-roles.ts'

/** Different tokens that are looked at: what their projections take is held at once. */
const MOST_TOKENS = 24
/** The norm must be as it is taken to be, relative to the largest number: float16 files round. */
const TOLERANCE = 5e-3

/** [layers][heads][N]: what is added to the stream [d]; and of each token the gradient of its logit there, the final norm's scale held at the end. */
export interface TokenWrites {
  /** Where the tokens stand. */
  readonly places: readonly number[]
  readonly writes: readonly (readonly (readonly Float32Array[])[])[]
  readonly gradients: readonly Float32Array[]
}

/** @throws EngineError `no-readout`, `no-parts`, `not-a-sum`, `run-failed`; as `runOf` */
export async function measureCopying(
  engine: EngineServices,
  { input, random }: HeadRolesRequest,
  signal: AbortSignal,
  turn: Turn,
  progress: (layers: number) => void,
): Promise<CopyingScores> {
  const model = await engine.readyModel()
  const row = random === null ? (await engine.runOf(input, signal)).row : randomRow(random, model)
  const { writes, gradients, places } = await writesOnTokens(model, row, signal, turn, progress)
  return { scores: writes.map((heads) => heads.map((written) => copyingScore(written, gradients))), tokens: places.length }
}

/** One pass a layer. @throws EngineError `no-readout`, `no-parts`, `not-a-sum`, `run-failed` */
export async function writesOnTokens(
  { reading, path, card }: Pick<LoadedModel, 'reading' | 'path' | 'card'>,
  row: TokenRow,
  signal: AbortSignal,
  turn: Turn,
  progress: (layers: number) => void = () => undefined,
): Promise<TokenWrites> {
  const linear = reading?.linear ?? null
  if (reading === null || linear === null)
    throw new EngineError('no-readout', 'The final norm and the output head of this model were not recognised.')
  if (path === null || !path.hasHeads) throw new EngineError('no-parts', 'What the heads of this model compute with was not recognised.')
  const { heads, layers } = card
  const ids = row.tokens.map(({ id }) => id)
  const places = ids
    .flatMap((id, at) => (ids.indexOf(id) === at && row.tokens[at]?.source !== 'template' ? [at] : []))
    .slice(0, MOST_TOKENS)
  const joined: Float32Array[] = []
  for (let layer = 0; layer < layers; layer++) {
    const { value } = await turn(signal, () => path.heads(row, layer))
    const size = value.dims.at(-1) ?? 0
    joined.push(headsOnTokens(value.data, heads, row.tokens.length, size, places))
    progress(layer + 1)
  }
  const constants = await turn(signal, () => linear.finalNorm())
  const { width, states } = await turn(signal, () => reading.stream(row))
  const end = states.at(-1)?.slice(-width) ?? new Float32Array(width)
  const tokens = places.map((place) => elementAt(ids, place))
  const { normed, columns, projected } = await turn(signal, () => linear.read({ state: end, tokens, joinedHeads: joined }))
  const norm = holdNorm(constants, end, normed)
  // NaN is no agreement either.
  if (!(norm.error <= TOLERANCE)) throw new EngineError('not-a-sum', 'The final norm of this model is none that is known.')
  return {
    places,
    gradients: columns.weights.map((direction) => heldGradient(norm, direction)),
    writes: projected.map((rows) => {
      const bias = rows.subarray(heads * places.length * width)
      return Array.from({ length: heads }, (_, head) =>
        places.map((__, at) => {
          const from = (head * places.length + at) * width
          return Float32Array.from({ length: width }, (___, axis) => float32At(rows, from + axis) - float32At(bias, axis))
        }),
      )
    }),
  }
}
