import { describe, expect, it } from 'vitest'
import { runOf } from './attention-run.fixture.ts'
import { headStatistics, mostChangedHead, mostImportantHead } from './head-statistics.ts'
import { findSinks } from './sinks.ts'

const text = { source: 'text' } as const
const template = { source: 'template' } as const
const WORDS = [text, text, text, text]

/** Every query sends `share` to `key` and spreads the rest evenly over the other tokens. */
function drain(tokens: number, key: number, share: number): readonly number[] {
  return Array.from({ length: tokens * tokens }, (_, at) => (at % tokens === key ? share : (1 - share) / (tokens - 1)))
}

/** Rows of a causal head: the first token gets `share`, the token itself the rest. */
function causal(tokens: number, share: number): readonly number[] {
  return Array.from({ length: tokens * tokens }, (_, at) => {
    const [query, key] = [Math.floor(at / tokens), at % tokens]
    if (query === 0) return key === 0 ? 1 : 0
    return key === 0 ? share : key === query ? 1 - share : 0
  })
}

describe('findSinks', () => {
  it('takes the special tokens, whatever they take', () => {
    expect(findSinks(runOf(4, drain(4, 1, 0.25)), [template, text, text, template])).toEqual([0, 3])
  })

  it('takes a word that most heads send more than half to, and none that half of them do', () => {
    const [most, few] = [drain(4, 2, 0.51), drain(4, 2, 0.5)]
    expect(findSinks(runOf(4, most, most, few), WORDS)).toEqual([2])
    expect(findSinks(runOf(4, most, few), WORDS)).toEqual([])
  })

  it('takes the first token of a causal model, though no tokenizer flags it; its own row, which can be nothing else, does not count', () => {
    expect(findSinks(runOf(4, causal(4, 0.6)), WORDS)).toEqual([0])
    expect(findSinks(runOf(4, causal(4, 0.4)), WORDS)).toEqual([])
  })

  it('does not take a token that attends to itself alone', () => {
    const identity = Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? 1 : 0))
    expect(findSinks(runOf(4, identity), WORDS)).toEqual([])
  })

  it('sets nothing aside where nothing else would be left', () => {
    expect(findSinks(runOf(2, [0.5, 0.5, 0.5, 0.5]), [template, template])).toEqual([])
    expect(findSinks(runOf(1, [1]), [text])).toEqual([])
  })
})

describe('headStatistics', () => {
  it('shares the attention of the other queries out between sinks and content beyond an even share', () => {
    // The sink takes 0.4 of each row, one far word 0.6; the second head keeps that word from being a sink itself.
    const far = (tokens: number, key: number): readonly number[] =>
      Array.from({ length: tokens * tokens }, (_, at) => (at % tokens === 0 ? 0.4 : at % tokens === key ? 0.6 : 0))
    const { sinks, sinkShare, contentShare, contentHead } = headStatistics(runOf(5, far(5, 4), drain(5, 0, 1)), [
      template,
      text,
      text,
      text,
      text,
    ])
    expect(sinks).toEqual([0])
    expect(sinkShare[0]).toBeCloseTo(0.4, 6)
    // Queries 1 and 2 are far from key 4, query 3 is its neighbour and query 4 the key itself.
    expect(contentShare[0]).toBeCloseTo((2 * (0.6 - 1 / 5)) / 4, 6)
    expect(contentHead).toEqual({ layer: 0, head: 0 })
  })

  it('counts an even share of the keys that a causal query can see', () => {
    const even = [1, 0, 0, 0, 1 / 2, 1 / 2, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 1 / 4, 1 / 4, 1 / 4, 1 / 4]
    expect(headStatistics(runOf(4, even), WORDS).contentShare[0]).toBeCloseTo(0, 6)
  })

  it('names no head where none sends anything to content', () => {
    expect(headStatistics(runOf(4, drain(4, 0, 1)), WORDS).contentHead).toBeNull()
  })
})

describe('the first head worth seeing', () => {
  const statistics = { sinkShare: Float32Array.of(0.95, 0.2, 0.5) }

  it('with gradients is the most important one, of either sign, that does not stare at sinks', () => {
    expect(mostImportantHead(Float32Array.of(9, -2, 1), statistics, 3)).toEqual({ layer: 0, head: 1 })
    expect(mostImportantHead(new Float32Array(3), statistics, 3)).toBeNull()
  })

  it('of a comparison is the one that changed most', () => {
    const change = (head: number, moved: number) => ({ layer: 1, head, moved, query: 0, key: 0, change: moved })
    expect(mostChangedHead([change(0, 0.1), change(1, 0.4), change(2, 0.4)])).toEqual({ layer: 1, head: 1 })
    expect(mostChangedHead([change(0, 0)])).toBeNull()
  })
})
