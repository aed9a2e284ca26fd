// What is inside the layers of one file of each family; every other file: zoo-parts.full.test.ts.

import { describe, it } from 'vitest'
import { zooFiles } from '#engine/testing/zoo'
import { measureZooParts } from '#engine/testing/zoo-parts'
import { expectParts } from '#engine/testing/zoo-parts-agreement'

describe('the inside of a family of the zoo', () => {
  const plain = zooFiles.filter(({ variant }) => variant === 'model.onnx')

  it.each(plain)('$family satisfies its sums and products', async (file) => expectParts(file, await measureZooParts(file)))
})
