// One file of each family as the current exporter writes it; every other file: zoo.full.test.ts.

import { describe, expect, it } from 'vitest'
import { measureZooFile, zooFiles } from '#engine/testing/zoo'
import { expectAgreement } from '#engine/testing/zoo-agreement'

const plain = zooFiles.filter(({ variant }) => variant === 'model.onnx')

describe('a family of the zoo', () => {
  it('is here with one plain file', () => expect(plain).toHaveLength(13))

  it.each(plain)('$family agrees with PyTorch', async (file) => expectAgreement(file, await measureZooFile(file)))
})
