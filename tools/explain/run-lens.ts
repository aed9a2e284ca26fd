// What the residual stream says at every layer, read by the output head, and what the rest of the network makes of it.

import { EngineError } from '#engine/error'
import type { JacobianLens, LensRequest, LogitLens } from '#features/inside/api.ts'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { LensQuestion } from './question.ts'
import { tokenAt } from './run-edits.ts'
import { type Aim, quoted, rounded, type Subject, subjectOf } from './subject.ts'

interface LensLayer {
  /** Of the state before this layer; the last is the answer. */
  readonly layer: number
  readonly top: Aim
  readonly probability: number
  readonly entropy: number
  /** KL(final || lens). */
  readonly divergence: number
  readonly target_logprob: number
  readonly target_rank: number
  readonly foil_logprob?: number
  readonly foil_rank?: number
}

export interface LensAnswer {
  readonly text: string
  readonly tokens: readonly string[]
  /** From 0. */
  readonly position: number
  readonly target: Aim
  readonly foil: Aim | null
  /** [positions][layers + 1] */
  readonly logit_lens: readonly (readonly LensLayer[])[]
  /** At the position, of the target's logit less the foil's, one a layer and one more; null with the reason where the model has none. */
  readonly jacobian_lens:
    | { readonly scale_held: readonly number[]; readonly through_norm: readonly number[] }
    | { readonly missing: string }
}

/** @throws EngineError `no-readout`, `no-such-target`, `no-such-token`, `run-failed` */
export async function runLens(opened: OpenedEngine, text: string, question: LensQuestion): Promise<LensAnswer> {
  const { subject, request } = await askedOf(opened, text, question)
  const silent = listening(() => undefined)
  const lens = await opened.engine.logitLens({ ...request, most: null }, silent)
  const jacobian = await opened.engine.jacobianLens(request, silent).catch((error: unknown) => {
    if (error instanceof EngineError && (error.kind === 'no-gradients' || error.kind === 'not-a-sum')) return { missing: error.message }
    throw error
  })
  return {
    text,
    tokens: subject.row.tokens.map(({ piece }) => piece),
    position: lens.position,
    ...namesIn(lens),
    logit_lens: lens.columns.map(({ cells }) =>
      cells.map(({ top, probability, entropy, divergence, target, foil }, layer) => ({
        layer,
        top: { index: top.id, label: top.label },
        probability: rounded(probability),
        entropy: rounded(entropy),
        divergence: rounded(divergence),
        target_logprob: rounded(target.logProbability),
        target_rank: target.rank,
        ...(foil === null ? {} : { foil_logprob: rounded(foil.logProbability), foil_rank: foil.rank }),
      })),
    ),
    jacobian_lens: 'missing' in jacobian ? jacobian : slopesOf(jacobian),
  }
}

/** What is asked, in the form of the engine. @throws EngineError `no-such-target`, `no-such-token`, `run-failed` */
export async function askedOf(
  opened: OpenedEngine,
  text: string,
  { at, ...aimed }: LensQuestion,
): Promise<{ readonly subject: Subject; readonly request: LensRequest }> {
  const subject = await subjectOf(opened, text, aimed)
  const { input, row, target, foil } = subject
  const position = at === null ? target.position : tokenAt(row, at)
  // What is most likely elsewhere is for the engine to say.
  const named = aimed.target === null && at !== null ? null : target.index
  return { subject, request: { input, position, target: named, foil: foil?.index ?? null } }
}

export function namesIn({ target, foil }: Pick<LogitLens, 'target' | 'foil'>): { readonly target: Aim; readonly foil: Aim | null } {
  return { target: { index: target.id, label: target.label }, foil: foil && { index: foil.id, label: foil.label } }
}

function slopesOf({ scaleHeld, throughNorm }: JacobianLens): Exclude<LensAnswer['jacobian_lens'], { readonly missing: string }> {
  return { scale_held: scaleHeld.map(rounded), through_norm: throughNorm.map(rounded) }
}

/** The asked position, layer by layer. */
export function describeLens({ text, tokens, position, target, foil, logit_lens: columns, jacobian_lens: slopes }: LensAnswer): string {
  const held = 'missing' in slopes ? null : slopes.scale_held
  const against = foil === null ? '' : ` rather than ${quoted(foil.label)}`
  const lines = (columns[position] ?? []).map((cell) => {
    const { layer, top, probability, target_logprob: logProbability, target_rank: rank, entropy, divergence } = cell
    const numbers = [probability.toFixed(4), logProbability.toFixed(3), `#${rank}`, entropy.toFixed(3), divergence.toFixed(3)]
    const slope = held === null ? [] : [(held[layer] ?? Number.NaN).toFixed(3)]
    return `  ${String(layer).padStart(5)}  ${[...numbers, ...slope].map((number) => number.padStart(9)).join(' ')}  ${quoted(top.label)}`
  })
  const columnsOf = ['top p', 'ln p', 'rank', 'entropy', 'KL', ...(held === null ? [] : ['Jacobian'])]
  return [
    text,
    `  the stream at position ${position + 1} (${tokens[position]}), before each layer and at last; ln p, rank and Jacobian are of ${quoted(target.label)}${held === null ? '' : against}`,
    `  layer  ${columnsOf.map((name) => name.padStart(9)).join(' ')}  top token`,
    ...lines,
    ...('missing' in slopes ? [`  no Jacobian lens: ${slopes.missing}`] : []),
  ].join('\n')
}
