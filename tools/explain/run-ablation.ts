// The answer with parts of the model switched off: every part alone, or some together.

import type { AblationKind } from '#catalogue/interventions'
import type { Gated, Sweep } from '#features/interventions/api.ts'
import type { Gate } from '#methods/intervention/activation-change'
import { bothTexts, partName } from './both-texts.ts'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { AblationQuestion } from './question.ts'
import { aimText, type Head, quoted, rounded } from './subject.ts'

export interface AblationAnswer extends Head {
  readonly text_b: string | null
  readonly kind: AblationKind
  /** The target's number. */
  readonly untouched: number
  /** With every part off alone, [layers][heads] and [layers]; null where parts were asked about together. */
  readonly off: {
    readonly heads: readonly (readonly number[])[]
    readonly attention: readonly (number | null)[]
    readonly mlps: readonly (number | null)[]
  } | null
  /** With the parts off together; null where each was asked about alone. */
  readonly together: { readonly parts: readonly Gate[]; readonly now: number; readonly rows: Gated['rows'] } | null
}

/** @throws EngineError `no-interventions`, `site-closed`, `no-such-part`, `other-length`, `no-such-target`, `run-failed` */
export async function runAblation(
  opened: OpenedEngine,
  text: string,
  other: string | null,
  question: AblationQuestion,
): Promise<AblationAnswer> {
  const { by, gates } = question
  const { head, request } = await bothTexts(opened, text, other, question)
  const silent = listening(() => undefined)
  const shared = { ...head, text_b: other, kind: by }
  if (gates.length > 0) {
    const { untouched, now, rows } = await opened.engine.gates({ ...request, kind: by, gates }, silent)
    return { ...shared, untouched: rounded(untouched), off: null, together: { parts: gates, now: rounded(now), rows } }
  }
  const sweep = await opened.engine.sweep({ ...request, kinds: [by] }, silent)
  return { ...shared, untouched: rounded(sweep.untouched), off: offIn(sweep), together: null }
}

function offIn({ kinds }: Sweep): NonNullable<AblationAnswer['off']> {
  const layers = kinds[0]?.layers ?? []
  const orNull = (number: number | null): number | null => (number === null ? null : rounded(number))
  return {
    heads: layers.map(({ heads }) => heads.map(rounded)),
    attention: layers.map(({ attention }) => orNull(attention)),
    mlps: layers.map(({ mlp }) => orNull(mlp)),
  }
}

/** Parts that are listed for a person. */
const LISTED = 15
const WORDS: Readonly<Record<AblationKind, string>> = {
  zero: 'zero',
  mean: 'its mean over the positions',
  resample: 'what it gives in the other text',
}

export function describeAblation(answer: AblationAnswer): string {
  const { text, untouched, kind, off, together } = answer
  const title = `  logit of ${aimText(answer)}: ${untouched.toFixed(4)} untouched; a part is replaced by ${WORDS[kind]}; layers and heads from 0`
  return [text, title, ...(together === null ? aloneLines(untouched, off) : togetherLines(untouched, together))].join('\n')
}

function togetherLines(untouched: number, { parts, now, rows }: NonNullable<AblationAnswer['together']>): readonly string[] {
  const names = parts.map(({ part, scale }) => `${partName(part)} ${scale === 0 ? 'off' : `at ${scale}`}`).join(', ')
  const share = (value: number | null): string => (value === null ? '' : ` (${value.toFixed(4)})`)
  return [
    `  ${names}: ${now.toFixed(4)}, a change of ${(now - untouched).toFixed(4)}`,
    ...rows.map(({ label, untouched: before, now: after }) => {
      const [from, to] = [before, after].map(({ score, probability }) => `${score.toFixed(4)}${share(probability)}`)
      return `    ${quoted(label)}: ${from} → ${to}`
    }),
  ]
}

function aloneLines(untouched: number, off: AblationAnswer['off']): readonly string[] {
  const blocks = (name: 'attention' | 'mlp', numbers: readonly (number | null)[]) =>
    numbers.flatMap((number, layer) => (number === null ? [] : [{ part: { kind: name, layer, head: null }, effect: untouched - number }]))
  const parts = [
    ...(off?.heads ?? []).flatMap((numbers, layer) =>
      numbers.map((number, head) => ({ part: { kind: 'head' as const, layer, head }, effect: untouched - number })),
    ),
    ...blocks('attention', off?.attention ?? []),
    ...blocks('mlp', off?.mlps ?? []),
  ]
  const largest = parts.toSorted((one, other) => Math.abs(other.effect) - Math.abs(one.effect)).slice(0, LISTED)
  return [
    '  untouched minus off: what each part does for it by itself',
    ...largest.map(({ part, effect }) => `  ${effect.toFixed(4).padStart(9)}  ${partName(part)}`),
    `  the strongest ${largest.length} of ${parts.length}`,
  ]
}
