import { expect, it } from 'vitest'
import { sameLook } from './same-look.ts'

const options = { scale: { kind: 'attention', max: 0.5 }, selected: [{ layer: 1, head: 2 }], hovered: null, onHover: () => 1 }

it('does not mind functions made anew', () => {
  expect(sameLook(options, { ...options, scale: { ...options.scale }, selected: [{ layer: 1, head: 2 }], onHover: () => 2 })).toBe(true)
})

it.each([
  { ...options, scale: { kind: 'attention', max: 0.6 } },
  { ...options, selected: [] },
  { ...options, selected: [{ layer: 1, head: 3 }] },
  { ...options, hovered: { layer: 0, head: 0 } },
  { ...options, onHover: null },
  { ...options, more: 1 },
])('sees a change of any value: %j', (changed) => {
  expect(sameLook(options, changed)).toBe(false)
  expect(sameLook(changed, options)).toBe(false)
})

it('takes NaN for equal to NaN, and a missing name for another value than undefined', () => {
  expect(sameLook({ max: Number.NaN }, { max: Number.NaN })).toBe(true)
  expect(sameLook({ a: undefined }, { b: undefined })).toBe(false)
})
