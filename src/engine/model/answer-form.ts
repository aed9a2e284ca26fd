// What a model's scores mean: how they become probabilities, and what their classes are called.

import type { Activation } from '#answers/answer-kind'
import { SPAN_LABELS } from '#answers/span'
import type { PreparedModel } from '#graph/prepare'
import type { ModelConfig } from './config.ts'

type Answering = Pick<PreparedModel, 'task' | 'activation' | 'answerWidth'>

/**
 * What the file itself takes of its scores; where it gives them, what their number and the configuration say. One number alone is
 * trained as a regression unless the configuration calls it a class, as the transformers library has it.
 */
export function activationOf({ task, activation, answerWidth }: Answering, { problem_type, id2label }: ModelConfig): Activation {
  if (task === 'token-logits') return 'softmax'
  // Its probabilities are over tokens.
  if (task === 'span') return 'none'
  if (activation !== null) return activation
  const isOne = (answerWidth ?? Object.keys(id2label).length) === 1
  if (task === 'token-classifier') return isOne ? 'none' : 'softmax'
  if (problem_type === 'regression') return 'none'
  if (problem_type === 'multi_label_classification') return 'sigmoid'
  if (!isOne) return 'softmax'
  return problem_type === 'single_label_classification' ? 'sigmoid' : 'none'
}

/** The name of class `index`. */
export function labelsOf({ task, answerWidth }: Answering, activation: Activation, { id2label }: ModelConfig): (index: number) => string {
  if (task === 'span') return (index) => SPAN_LABELS[index] ?? ''
  // One score that tells two classes apart is the second one's.
  const offset = answerWidth === 1 && Object.keys(id2label).length === 2 ? 1 : 0
  const unnamed = (index: number): string => (answerWidth === 1 && activation === 'none' ? 'score' : `class ${index}`)
  return (index) => id2label[index + offset] ?? unnamed(index)
}
