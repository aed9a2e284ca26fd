// What is inside the layers of every file of the zoo that can be explained.

import { describe, it } from 'vitest'
import { zooFiles } from '#engine/testing/zoo'
import { measureZooParts } from '#engine/testing/zoo-parts'
import { expectParts } from '#engine/testing/zoo-parts-agreement'

describe('the inside of the zoo', () => {
  it.each(zooFiles.filter(({ variant }) => !variant.includes('with_past')))(
    '$family/$variant satisfies its sums and products',
    async (file) => expectParts(file, await measureZooParts(file)),
  )
})
