// What a run answers where the graph does not say what its output means.

import { expect, it } from 'vitest'
import type { Tensor } from '#tensor/tensor'
import type { Feeds, GraphSession } from '../runtime/session.ts'
import { rowOf } from '../testing/run.fixture.ts'
import { parseConfig } from './config.ts'
import { createModelSession, type RunPlan } from './model-session.ts'

const CONFIG = parseConfig({ model_type: 'bert', hidden_size: 2, max_position_embeddings: 512 })
const TOKENIZER = { mask: null, pad: null, encodeWord: () => [], pieceOf: String, labelOf: String }

/** Scores of where an answer begins [1,T], states [1,T,2] of rows 1 and 3, and attention; keeps which were asked for. */
async function run(hiddenStates: readonly string[], task: RunPlan['task']) {
  const asked: string[] = []
  const session: GraphSession = {
    inputNames: [],
    run: async (feeds: Feeds, names: readonly string[]) => {
      asked.push(...names)
      const tokens = Object.values(feeds)[0]?.dims[1] ?? 0
      const values: Readonly<Record<string, Tensor>> = {
        starts: { dims: [1, tokens], data: new Float32Array(tokens).fill(7) },
        states: { dims: [1, tokens, 2], data: Float32Array.from({ length: 2 * tokens }, (_, at) => (at % 2 === 0 ? 1 : 3)) },
        att: { dims: [1, 2, tokens, tokens], data: new Float32Array(2 * tokens * tokens) },
      }
      return Object.fromEntries(names.map((name) => [name, values[name] ?? { dims: [], data: new Float32Array() }]))
    },
    release: async () => undefined,
  }
  const plan = {
    inputs: [{ name: 'input_ids', elementType: 'int64', dims: [1, 'T'] } as const],
    outputs: { logits: 'starts', attentions: ['att'], hiddenStates, embeddings: null, caches: [] },
    activation: null,
    answerWidth: null,
    positionsInput: null,
    ports: [],
    interventions: {},
    gradients: null,
    vocabulary: null,
    isHalf: false,
    task,
  }
  const runner = await createModelSession(session, plan, CONFIG, TOKENIZER, rowOf('a b'))
  const { prediction, attention } = await runner.run(rowOf('not bad'))
  return { task: runner.task, prediction, layers: attention.layers.length, asked: new Set(asked) }
}

it('compares texts by the last state', async () => {
  expect(await run(['first', 'states'], null)).toEqual({
    task: 'encoder',
    prediction: { kind: 'embedding', vector: Float32Array.of(1, 3) },
    layers: 1,
    asked: new Set(['states', 'att']),
  })
})

it('has no vector where the states are not known', async () => {
  expect(await run([], null)).toEqual({
    task: 'encoder',
    prediction: { kind: 'embedding', vector: new Float32Array() },
    layers: 1,
    asked: new Set(['att']),
  })
})

it('takes the output where that is a state', async () => {
  const { asked, prediction } = await run(['states'], 'hidden')
  // The state is read, too: edits are compared by it. The answer is not made of it.
  expect(asked).toEqual(new Set(['starts', 'att', 'states']))
  expect(prediction).not.toMatchObject({ vector: Float32Array.of(1, 3) })
})
