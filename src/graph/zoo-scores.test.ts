// Queries and keys of one file of each family; every other file: zoo-scores.full.test.ts.

import { describe, it } from 'vitest'
import { zooFiles } from '#engine/testing/zoo'
import { measureScores } from '#engine/testing/zoo-scores'
import { expectScores } from '#engine/testing/zoo-scores-agreement'

describe('queries and keys of a family of the zoo', () => {
  const plain = zooFiles.filter(({ variant }) => variant === 'model.onnx')

  it.each(plain)('give the probabilities of $family', async (file) => expectScores(file, await measureScores(file)))
})
