// Every file of the zoo: it agrees with its reference, or is refused with the reason.

import { describe, expect, it } from 'vitest'
import { brokenFiles, measureZooFile, prepareZooFile, zooFiles } from '#engine/testing/zoo'
import { expectAgreement } from '#engine/testing/zoo-agreement'
import { GraphError, type GraphFault } from './ir/errors.ts'

/** Files that cannot be explained by themselves. */
const REFUSED: ReadonlyMap<string, GraphFault['kind']> = new Map([['gpt2/decoder_with_past_model.onnx', 'single-token']])

const BROKEN: Readonly<Record<string, GraphFault['kind']>> = {
  'truncated.onnx': 'truncated',
  'empty.onnx': 'empty-file',
  'html_page.onnx': 'html-page',
  'lfs_pointer.onnx': 'lfs-pointer',
  'cnn_no_attention.onnx': 'no-attention',
  'bag_of_words_no_attention.onnx': 'no-attention',
  'unknown_custom_op.onnx': 'unknown-operator',
  'missing_external_data.onnx': 'external-data-missing',
}

const nameOf = ({ family, variant }: (typeof zooFiles)[number]) => `${family}/${variant}`
const explained = zooFiles.filter((file) => !REFUSED.has(nameOf(file)))
const packed = explained.filter(({ variant }) => /q4\.|q4_/.test(variant))

function refusalOf(path: string): string {
  try {
    prepareZooFile(path)
    return 'prepared'
  } catch (error) {
    return error instanceof GraphError ? error.kind : `crash: ${String(error)}`
  }
}

describe('the zoo', () => {
  it.each(explained)('$family/$variant agrees with its reference', async (file) => expectAgreement(file, await measureZooFile(file)))

  it.each(packed)('$family/$variant computes the same with unpacked weights', async (file) => {
    const [asShipped, unpacked] = [await measureZooFile(file), await measureZooFile(file, { weights: 'float32' })]
    if (asShipped.kind === 'refused' || unpacked.kind === 'refused') throw new Error('refused')
    expect(unpacked.prepared.passes.map(({ pass }) => pass)).toContain('unpack-n-bits')
    expect(Math.abs(asShipped.gaps.logits - unpacked.gaps.logits)).toBeLessThan(1e-3)
  })

  it.each(Array.from(REFUSED))('%s is refused as %s', (name, kind) => {
    expect(refusalOf(name.replace('/', '/onnx/'))).toBe(kind)
  })

  it('has every broken file refused for its own reason', () => {
    expect(Object.fromEntries(brokenFiles.map((file) => [file, refusalOf(`broken/${file}`)]))).toEqual(BROKEN)
  })
})
