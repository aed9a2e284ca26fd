// Gradients of every file of the zoo that reads whole texts.

import { describe, expect, it } from 'vitest'
import { expectGradients, gradientReferenceOf } from '#engine/testing/gradient-agreement'
import { zooFiles } from '#engine/testing/zoo'
import { measureGradients } from '#engine/testing/zoo-gradients'

const whole = zooFiles.filter(({ variant }) => variant !== 'decoder_with_past_model.onnx')

describe('gradients of every file of the zoo', () => {
  it.each(whole)('$family/$variant', async (file) => expectGradients(file, await measureGradients(file)))

  it('have a reference, but for 4-bit files that PyTorch did not run', () => {
    const without = whole.filter((file) => gradientReferenceOf(file, /_(q4|q4_asym|q4_gather|bnb4)\.onnx/.test(file.variant)) === null)
    expect(without.map(({ variant }) => variant).filter((variant) => !/q4f16|genai_q4/.test(variant))).toEqual([])
  })
})
