// From a model's output to its answer: classes, classes of tokens, a span, likely tokens, or a vector.

import type { Activation } from '#answers/answer-kind'
import type { Prediction } from '#answers/answer-kinds'
import type { Candidate, PositionAnswer } from '#answers/position-answer'
import { spanAnswer } from '#answers/span'
import type { ModelTask } from '#protocol/model-api'
import { meanOverRows } from '#tensor/matrix'
import { entropyOf, softmax } from '#tensor/softmax'
import type { Tensor } from '#tensor/tensor'
import { float32At, outOfRange } from '#tensor/vector'
import type { TokenRow } from '#text/token'
import type { ModelTokenizer } from '../text/tokenizer.ts'

/** How a model answers. */
export interface AnswerForm {
  readonly task: ModelTask
  readonly activation: Activation
  /** The label of class `index`. */
  readonly label: (index: number) => string
  readonly tokenizer: Pick<ModelTokenizer, 'pieceOf' | 'labelOf'>
}

/** Candidates that are kept of a distribution over the vocabulary. */
const CANDIDATES = 50

/**
 * @param output [1,C] for a classifier, [1,T,C] for classes of tokens, [1,T,2] for where a span starts and ends, [1,P,V] for scores of the vocabulary, [1,T,d] or [1,d] for an encoder
 * @param row what was run
 * @param positions of the rows of the vocabulary's scores, in their order
 */
export function predictionOf(form: AnswerForm, output: Tensor, row: Pick<TokenRow, 'tokens'>, positions: readonly number[]): Prediction {
  switch (form.task) {
    case 'classifier':
      return classAnswer(form, output)
    case 'token-classifier':
      return tagAnswer(form, output)
    case 'question-answering':
      return spanAnswer(labelsOf(form, output), output.data, row)
    case 'encoder':
      return { kind: 'embedding', vector: meanOf(output) }
    case 'masked-lm':
    case 'causal-lm':
      return {
        kind: 'tokens',
        asks: form.task === 'causal-lm' ? 'next' : 'fill',
        positions: positions.map((position, at) => positionAnswer(form.tokenizer, output, at, position)),
      }
  }
}

/** The positions that a model is asked about by itself: the last one for what comes next, else the masks. */
export function askedPositions(task: ModelTask, row: TokenRow, maskId: number | null): readonly number[] {
  if (task === 'causal-lm') return row.tokens.length === 0 ? [] : [row.tokens.length - 1]
  if (task !== 'masked-lm') return []
  return row.tokens.flatMap(({ id }, position) => (id === maskId ? [position] : []))
}

function labelsOf({ label }: AnswerForm, { dims }: Tensor): readonly string[] {
  return Array.from({ length: dims.at(-1) ?? 0 }, (_, index) => label(index))
}

function classAnswer(form: AnswerForm, output: Tensor): Prediction {
  const { activation } = form
  return { kind: 'classes', activation, labels: labelsOf(form, output), logits: output.data, probabilities: probabilitiesOf(form, output) }
}

function tagAnswer(form: AnswerForm, output: Tensor): Prediction {
  const { activation } = form
  return { kind: 'tags', activation, labels: labelsOf(form, output), logits: output.data, probabilities: probabilitiesOf(form, output) }
}

/** Of every row of classes; empty where the scores are none of any. */
function probabilitiesOf({ activation }: AnswerForm, { dims, data }: Tensor): Float32Array {
  if (activation === 'none') return new Float32Array()
  if (activation === 'sigmoid') return data.map((logit) => 1 / (1 + Math.exp(-logit)))
  const classes = dims.at(-1) ?? 0
  const probabilities = new Float32Array(data.length)
  for (let at = 0; at < data.length; at += classes) probabilities.set(softmax(data.subarray(at, at + classes)), at)
  return probabilities
}

/** The mean over all rows of the last axis. */
function meanOf({ dims, data }: Tensor): Float32Array {
  const width = dims.at(-1) ?? 0
  return meanOverRows(data, width === 0 ? 0 : data.length / width)
}

/** @param row of the output; `position` is the token's that it belongs to */
export function positionAnswer(tokenizer: AnswerForm['tokenizer'], { dims, data }: Tensor, row: number, position: number): PositionAnswer {
  const vocabulary = dims.at(-1) ?? 0
  const logits = data.subarray(row * vocabulary, (row + 1) * vocabulary)
  const probabilities = softmax(logits)
  const candidates = largest(logits, CANDIDATES).map((id): Candidate => {
    const piece = tokenizer.pieceOf(id) ?? `#${id}`
    return { id, piece, label: tokenizer.labelOf(id) ?? piece, logit: float32At(logits, id), probability: float32At(probabilities, id) }
  })
  return { position, candidates, entropy: entropyOf(probabilities) }
}

/** Places of the `count` largest values, largest first. One pass: a vocabulary is too long to be sorted at every keystroke. */
function largest(values: Float32Array, count: number): readonly number[] {
  const kept: number[] = []
  const valueAt = (place: number): number => float32At(values, kept[place] ?? outOfRange(place, kept.length))
  values.forEach((value, id) => {
    if (kept.length >= count && !(value > valueAt(kept.length - 1))) return
    let place = kept.length
    while (place > 0 && value > valueAt(place - 1)) place--
    kept.splice(place, 0, id)
    if (kept.length > count) kept.pop()
  })
  return kept
}
