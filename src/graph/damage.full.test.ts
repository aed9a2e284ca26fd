// Files as exporters write them, changed at random.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { GraphError } from './ir/errors.ts'
import { prepareModel } from './prepare.ts'
import { readModel } from './proto/read.ts'
import { writeModel } from './proto/write.ts'
import { damageBytes, damageModel } from './testing/damage.ts'

const SEEDS = 40
const FILES = [
  'bert/onnx/model',
  'gpt2/onnx/decoder_model_merged',
  'deberta_v2/onnx/model_quantized',
  'llama/onnx/model_genai_q4',
  'llama/onnx/model_q4_gather',
]

it.each(FILES)('%s is opened or refused with a sentence, whatever is changed in it', { timeout: 300_000 }, (name) => {
  const file = new Uint8Array(readFileSync(`fixtures/zoo/${name}.onnx`))
  const { model } = readModel(file)
  for (let seed = 0; seed < SEEDS; seed++) {
    for (const damaged of [damageBytes(file, seed), writeModel(damageModel(model, seed))]) {
      try {
        prepareModel(damaged, { weights: seed % 2 === 0 ? 'float32' : 'packed', pickPositions: true })
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(GraphError)
      }
    }
  }
})
