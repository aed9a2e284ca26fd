// One answer of each kind, and what is to be found in it.

import type { TokenRow } from '#text/token'
import type { RankedAnswer, TargetChoice, TargetQuestion } from './answer-kind.ts'
import type { AnswerKindId, AnswerOf } from './answer-kinds.ts'

/** Of [CLS] a b [SEP]. */
export const ROW: TokenRow = {
  tokens: ['[CLS]', 'a', 'b', '[SEP]'].map((label, id) => ({
    id,
    piece: label,
    label,
    start: 0,
    end: 0,
    word: 0,
    source: label.startsWith('[') ? 'template' : 'text',
  })),
  cutAt: null,
  wantedLength: 4,
}

export interface AnswerCase<Answer> {
  readonly answer: Answer
  /** Where no token is chosen. */
  readonly question: TargetQuestion | null
  /** Where the model is asked by itself, in `ROW`. */
  readonly position: number | null
  readonly best: TargetChoice | null
  readonly runnerUp: number | null
  readonly ranked: readonly RankedAnswer[]
  /** Of the best, where the model is asked. */
  readonly probability: number | null
}

const choices = [
  { index: 0, label: 'NO' },
  { index: 1, label: 'YES' },
]

export const ANSWER_CASES: { readonly [Kind in AnswerKindId]: AnswerCase<AnswerOf<Kind>> } = {
  classes: {
    answer: {
      kind: 'classes',
      activation: 'softmax',
      labels: ['NO', 'YES'],
      logits: Float32Array.of(0, 1),
      probabilities: Float32Array.of(0.25, 0.75),
    },
    question: { best: 1, position: null, choices, isClosed: true },
    position: null,
    best: { index: 1, label: 'YES' },
    runnerUp: 0,
    ranked: [
      {
        position: null,
        choices: [
          { index: 1, label: 'YES', score: 1, probability: 0.75 },
          { index: 0, label: 'NO', score: 0, probability: 0.25 },
        ],
      },
    ],
    probability: 0.75,
  },
  tags: {
    answer: {
      kind: 'tags',
      activation: 'softmax',
      labels: ['NO', 'YES'],
      logits: Float32Array.of(0, 0, 0, 1, 2, 1, 0, 0),
      probabilities: Float32Array.of(0.5, 0.5, 0.25, 0.75, 0.75, 0.25, 0.5, 0.5),
    },
    question: { best: 1, position: 1, choices, isClosed: false },
    position: 1,
    best: { index: 1, label: 'YES' },
    runnerUp: null,
    ranked: [
      {
        position: 1,
        choices: [
          { index: 1, label: 'YES', score: 1, probability: 0.75 },
          { index: 0, label: 'NO', score: 0, probability: 0.25 },
        ],
      },
      {
        position: 2,
        choices: [
          { index: 0, label: 'NO', score: 2, probability: 0.75 },
          { index: 1, label: 'YES', score: 1, probability: 0.25 },
        ],
      },
    ],
    probability: 0.75,
  },
  span: {
    answer: {
      kind: 'span',
      labels: ['start', 'end'],
      logits: Float32Array.of(0, 0, Math.log(2), 0, 0, Math.log(2), 0, 0),
      span: [1, 2],
      text: 'a b',
    },
    question: {
      best: 0,
      position: 1,
      choices: [
        { index: 0, label: 'start' },
        { index: 1, label: 'end' },
      ],
      isClosed: true,
    },
    position: 1,
    best: { index: 0, label: 'a b' },
    runnerUp: null,
    ranked: [{ position: 1, choices: [{ index: 0, label: 'a b', score: 2 * Math.fround(Math.log(2)), probability: 0.4 * 0.4 }] }],
    probability: 0.4,
  },
  tokens: {
    answer: {
      kind: 'tokens',
      asks: 'next',
      positions: [
        {
          position: 3,
          candidates: [
            { id: 7, piece: 'c', label: ' c', logit: 2, probability: 0.5 },
            { id: 9, piece: 'd', label: ' d', logit: 1, probability: 0.25 },
          ],
          entropy: 1,
        },
      ],
    },
    question: {
      best: 7,
      position: 3,
      choices: [
        { index: 7, label: ' c' },
        { index: 9, label: ' d' },
      ],
      isClosed: false,
    },
    position: 3,
    best: { index: 7, label: ' c' },
    runnerUp: 9,
    ranked: [
      {
        position: 3,
        choices: [
          { index: 7, label: ' c', score: 2, probability: 0.5 },
          { index: 9, label: ' d', score: 1, probability: 0.25 },
        ],
      },
    ],
    probability: 0.5,
  },
  embedding: {
    answer: { kind: 'embedding', vector: Float32Array.of(1, 2) },
    question: null,
    position: null,
    best: null,
    runnerUp: null,
    ranked: [],
    probability: null,
  },
}
