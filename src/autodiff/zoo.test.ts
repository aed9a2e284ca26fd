// Gradients of one file of each family as the current exporter writes it; every other file: zoo.full.test.ts.

import { describe, expect, it } from 'vitest'
import { expectGradients } from '#engine/testing/gradient-agreement'
import { zooFiles } from '#engine/testing/zoo'
import { measureGradients } from '#engine/testing/zoo-gradients'

const plain = zooFiles.filter(({ variant }) => variant === 'model.onnx')
const packed = zooFiles.filter(({ family, variant }) => family === 'llama' && variant === 'model_q4_asym.onnx')

describe('gradients in the zoo', () => {
  it('are measured in 13 plain files and a packed one', () => expect([plain.length, packed.length]).toEqual([13, 1]))

  it.each([...plain, ...packed])('$family/$variant agrees with PyTorch', async (file) =>
    expectGradients(file, await measureGradients(file)),
  )
})
