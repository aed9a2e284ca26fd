// Queries and keys of every file of the zoo that can be explained.

import { describe, it } from 'vitest'
import { zooFiles } from '#engine/testing/zoo'
import { measureScores } from '#engine/testing/zoo-scores'
import { expectScores } from '#engine/testing/zoo-scores-agreement'

describe('queries and keys of the zoo', () => {
  it.each(zooFiles.filter(({ variant }) => !variant.includes('with_past')))('give the probabilities of $family/$variant', async (file) =>
    expectScores(file, await measureScores(file)),
  )
})
