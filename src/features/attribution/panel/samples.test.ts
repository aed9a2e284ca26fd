import { expect, it } from 'vitest'
import type { Surrogate, TakenAway } from '#methods/attribution'
import type { Token } from '#text/token'
import { sampleText } from '#views/bars/surrogate'
import { samplesOf } from './samples.ts'

const token = (label: string, start: number, source: Token['source'] = 'text'): Token => ({
  id: 0,
  piece: label,
  label,
  start,
  end: source === 'text' ? start + label.length : start,
  word: 0,
  source,
})
/** "not bad." with a word put in before the full stop. */
const row = {
  tokens: [token('[CLS]', 0, 'template'), token('not', 0), token('bad', 4), token('today', 7, 'edit'), token('.', 7)],
  cutAt: null,
  wantedLength: 5,
}
const surrogate: Surrogate = {
  units: [[1], [2, 3], [4]],
  coalitions: Uint8Array.of(1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0),
  outputs: Float32Array.of(4, 1, 3, 0),
  fitted: Float32Array.of(4, 1.5, 3, 0),
  weights: Float32Array.of(1, 0.25, 0.5, 0),
  coefficients: Float32Array.of(1, 2, 1),
  intercept: 0,
}

it('lists texts, most weight first, with what is away', () => {
  const samples = samplesOf({ surrogate, taken: null }, { row }, '0')
  expect(samples.map((sample) => [sampleText(sample), sample.output, sample.fitted, sample.weight])).toEqual([
    ['not bad today .', 4, 4, 1],
    ['not bad today', 3, 3, 0.5],
    ['.', 1, 1.5, 0.25],
    ['', 0, 0, 0],
  ])
  expect(samples[2]?.pieces.map(({ away }) => away)).toEqual([true, true, false])
})

it('says what stands in the place of what is away', () => {
  const textsWith = (taken: Pick<TakenAway, 'removal' | 'instead'>) =>
    samplesOf({ surrogate, taken: { unit: 'word', units: surrogate.units, ...taken } }, { row }, '0').map(sampleText)
  const masked = surrogate.units.map((unit) => unit.map(() => '[MASK]'))
  expect(textsWith({ removal: 'mask', instead: masked }).slice(1)).toEqual([
    'not bad today [MASK]',
    '[MASK] [MASK]×2 .',
    '[MASK] [MASK]×2 [MASK]',
  ])
  expect(textsWith({ removal: 'neighbour', instead: [['so'], [' good', 'now'], ['!']] })[2]).toBe('so good now .')
  expect(textsWith({ removal: 'zero', instead: null })[2]).toBe('0 0 .')
  expect(textsWith({ removal: 'delete', instead: null })[2]).toBe('.')
})
