// What lessons can find out of the running model. They see no engine: the page and the tests give them one of these.

import type { Settings } from '#share/settings'

/** A text, with the edits of its tokens. */
export interface LessonInput {
  readonly text: string
  readonly edits: Settings['editsA']
}

export interface MeasuredAnswer {
  /** Of the likeliest answer: a class, or what a language model goes on with. */
  readonly label: string
  readonly probability: number
  /** Of every class, or of the likeliest tokens, most likely first. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[]
}

/** [queries, keys] of one head; throws where there is no such token. */
export interface MeasuredAttention {
  readonly tokens: readonly string[]
  readonly weight: (query: number, key: number) => number
}

export interface MeasuredValues {
  readonly tokens: readonly string[]
  /** One a token; signed where the method is. */
  readonly values: readonly number[]
}

/** Heads count from 1, as the page shows them. */
export interface LessonHead {
  readonly layer: number
  readonly head: number
}

export type MeasuredRole = 'previousToken' | 'self' | 'firstToken' | 'delimiters' | 'induction'

export interface Measure {
  /** As the reader sees them, those of the model's template included. */
  readonly tokens: (input: LessonInput) => Promise<readonly string[]>
  readonly answer: (input: LessonInput) => Promise<MeasuredAnswer>
  readonly attention: (input: LessonInput, head: LessonHead) => Promise<MeasuredAttention>
  /** Mean attention of each head to what the role names, 0..1: [layers][heads]. */
  readonly role: (input: LessonInput, role: MeasuredRole) => Promise<readonly (readonly number[])[]>
  /** What each token contributes to the model's own answer. */
  readonly contributions: (
    input: LessonInput,
    method: 'leave-one-out' | 'interpolated-shapley' | 'input-x-gradient' | 'saliency' | 'integrated-gradients' | 'rollout',
  ) => Promise<MeasuredValues>
}

/** A text without edits. */
export function plain(text: string): LessonInput {
  return { text, edits: [] }
}

/** Where a token stands first; throws where it does not. */
export function placeOf(tokens: readonly string[], label: string): number {
  const place = tokens.findIndex((token) => token.trim() === label)
  if (place < 0) throw new Error(`no token "${label}" among ${tokens.join(' ')}`)
  return place
}

/** Place of the largest value. */
export function strongest(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? at : best), 0)
}
