import { describe, expect, test } from 'vitest'
import { cutLabel, fittingLabels, graphemesOf, labelPlace, labelWidth, showSpaces } from './labels.ts'

describe('labelWidth', () => {
  test('Latin letters are 0.6 em, Chinese ones 1 em, an emoji sequence counts once', () => {
    expect(labelWidth('film', 10)).toBeCloseTo(24)
    expect(labelWidth('电影', 10)).toBeCloseTo(20)
    expect(labelWidth('👩‍🏫', 10)).toBeCloseTo(13)
  })
})

describe('cutLabel', () => {
  test('keeps what fits', () => expect(cutLabel('not', 40, 12)).toBe('not'))

  test('cuts with an ellipsis and stays within the width', () => {
    const cut = cutLabel('pneumonoultramicroscopic', 60, 12)
    expect(cut.endsWith('…')).toBe(true)
    expect(labelWidth(cut, 12)).toBeLessThanOrEqual(60)
  })

  test('never cuts inside a character', () => {
    const cut = cutLabel('👩‍🏫👩‍🏫👩‍🏫👩‍🏫', 45, 12)
    expect(graphemesOf(cut).slice(0, -1)).toEqual(['👩‍🏫', '👩‍🏫'])
  })
})

test('invisible characters of a token are shown', () => {
  expect(showSpaces(' the')).toBe('·the')
  expect(showSpaces('\n')).toBe('↵')
  expect(showSpaces('')).toBe('∅')
})

describe('fittingLabels', () => {
  test('draws every n-th label where they would overlap', () => {
    expect(fittingLabels(5, 20, 14, [])).toEqual([0, 1, 2, 3, 4])
    expect(fittingLabels(12, 5, 14, [])).toEqual([0, 4, 7, 10])
  })

  test('a pinned label pushes its neighbours away', () => {
    expect(fittingLabels(12, 5, 14, [5])).toEqual([0, 5, 8])
    expect(fittingLabels(12, 5, 14, [5, 6])).toEqual([0, 5, 6, 9])
  })

  test('512 labels at one pixel each do not overlap', () => {
    const shown = fittingLabels(512, 1, 14, [100])
    expect(shown).toContain(100)
    const places = shown.map((label) => labelPlace(label, 512, 1, 7))
    expect(places.every((place, index) => index === 0 || place - (places[index - 1] ?? 0) >= 14)).toBe(true)
  })
})
