import { describe, expect, it } from 'vitest'
import { gatherThumbnails } from './gather-thumbnails.ts'

describe('gathering thumbnails', () => {
  const setUp = (layers: number) => {
    const commits: number[][] = []
    const clock = { now: 0 }
    const add = gatherThumbnails<number>(
      layers,
      (gathered) => void commits.push([...gathered.keys()]),
      () => clock.now,
    )
    return { commits, clock, add: (layer: number) => add(layer, { size: 1, data: layer }) }
  }

  it('hands on all layers of a quick stream at once', () => {
    const { commits, add } = setUp(3)
    for (const layer of [0, 1, 2]) add(layer)
    expect(commits).toEqual([[0, 1, 2]])
  })

  it('shows a slow stream as it comes, each layer once', () => {
    const { commits, clock, add } = setUp(4)
    for (const layer of [0, 1, 2, 3]) {
      add(layer)
      clock.now += 60
    }
    expect(commits).toEqual([[0, 1, 2], [3]])
  })
})
