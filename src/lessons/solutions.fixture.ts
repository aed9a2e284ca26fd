// For every exercise a page that solves it and one that does not. Tests only: the page needs no answers to check.

import type { LessonId } from '#catalogue/lessons'
import type { PageChange } from './lesson.ts'

interface Solution {
  readonly right: PageChange
  readonly wrong: PageChange
  /** The remark that the wrong page gets. */
  readonly remark: string
}

const head = (layer: number, one: number): PageChange => ({ heads: [{ layer: layer - 1, head: one - 1 }] })

export const SOLUTIONS: Readonly<Record<LessonId, Readonly<Record<string, Solution>>>> = {
  tokens: {
    'most-pieces': { right: { textA: 'Llanfairpwllgwyngyll' }, wrong: { textA: 'cinema' }, remark: 'few' },
    'same-tokens': {
      right: { textA: 'Naïve, but GOOD.', textB: 'naive, but good.' },
      wrong: { textA: 'Naive, but good.', textB: 'Naive, but bad.' },
      remark: 'differ',
    },
  },
  attention: {
    'find-previous': { right: head(3, 12), wrong: head(4, 9), remark: 'low' },
    'find-busy': { right: head(1, 3), wrong: head(3, 8), remark: 'low' },
    'own-sentence': { right: { textA: 'I really loved it.' }, wrong: { textA: 'I would recommend it.' }, remark: 'same' },
  },
  perturbation: {
    flip: { right: { textA: 'A feast of good actors.' }, wrong: { textA: 'A waste of great actors.' }, remark: 'not' },
    disagree: { right: { textA: 'The film is bad at all.' }, wrong: { textA: 'The film is not bad at all.' }, remark: 'agree' },
    unsure: { right: { textA: 'She is a nurse.' }, wrong: { textA: 'The film is okay.' }, remark: 'sure' },
  },
}
