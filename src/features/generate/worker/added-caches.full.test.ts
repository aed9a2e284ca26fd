// Every decoder of the zoo without caches of its own.

import { expect, it } from 'vitest'
import { readZooFile, zooFiles } from '#engine/testing/zoo'
import { openModel } from '#graph/open-model'
import { ADDED, expectRefused, expectSameTokens, REFUSED } from './testing/added-caches.ts'

it('is listed', () => {
  const listed = [...ADDED, ...REFUSED].map(([family, name]) => `${family}/${name}.onnx`)
  const decoders = zooFiles.filter(({ family, task }) => task === 'token-logits' && !family.startsWith('bert'))
  const without = decoders.filter(({ family, variant }) => {
    const { bytes, external } = readZooFile(`${family}/onnx/${variant}`)
    // A file that reads one token at a time is refused whole.
    return variant !== 'decoder_with_past_model.onnx' && openModel(bytes, { external }).parts.caches.length === 0
  })
  expect(without.map(({ family, variant }) => `${family}/${variant}`).toSorted()).toEqual(listed.toSorted())
})

it.each(ADDED)('%s %s goes on with keys and values as without', expectSameTokens)
it.each(REFUSED)('%s %s goes on without, and says why', expectRefused)
