// Every file of the zoo that gives a score for each token of a vocabulary can be asked at chosen positions; no other can.

import { describe, expect, it } from 'vitest'
import { prepareZooFile, type ZooFile, zooFiles } from '#engine/testing/zoo'
import { measurePositions } from '#engine/testing/zoo-positions'

const SINGLE_TOKEN = 'decoder_with_past_model.onnx'
const files = zooFiles.filter(({ variant }) => variant !== SINGLE_TOKEN)
const scoring = files.filter(({ task }) => task === 'token-logits')
const others = files.filter(({ task }) => task !== 'token-logits')

/** Kernels of float16 sum in an order that depends on the number of rows. */
const toleranceOf = ({ variant }: ZooFile): number => (variant.includes('f16') || variant.includes('fp16') ? 2e-3 : 1e-6)

describe('scores at chosen positions', () => {
  it.each(scoring)('$family/$variant', async (file) => expect(await measurePositions(file)).toBeLessThan(toleranceOf(file)))

  it.each(others)('are not for $family/$variant', ({ family, variant }) => {
    expect(prepareZooFile(`${family}/onnx/${variant}`, { pickPositions: true }).positionsInput).toBeNull()
  })
})
