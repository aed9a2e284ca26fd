// Every file of the zoo that gives a score for each token of a vocabulary can be asked at chosen positions; no other can.

import { describe, expect, it } from 'vitest'
import { prepareZooFile, zooFiles } from '#engine/testing/zoo'
import { arithmeticOf } from '#engine/testing/zoo-arithmetic'
import { measurePositions } from '#engine/testing/zoo-positions'

const SINGLE_TOKEN = 'decoder_with_past_model.onnx'
const files = zooFiles.filter(({ variant }) => variant !== SINGLE_TOKEN)
const scoring = files.filter(({ task }) => task === 'token-logits')
const others = files.filter(({ task }) => task !== 'token-logits')

/** Products in float16 and with packed weights are summed in an order that depends on the number of rows. */
const TOLERANCE = { float32: 1e-6, same: 2e-3, unrounded: 1e-6, 'native-rounding': 1e-6 } as const

describe('scores at chosen positions', () => {
  it.each(scoring)('$family/$variant', async (file) => expect(await measurePositions(file)).toBeLessThan(TOLERANCE[arithmeticOf(file)]))

  it.each(others)('are not for $family/$variant', ({ family, variant }) => {
    expect(prepareZooFile(`${family}/onnx/${variant}`, { pickPositions: true }).positionsInput).toBeNull()
  })
})
