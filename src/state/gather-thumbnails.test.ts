import { describe, expect, it } from 'vitest'
import { gatherThumbnails } from './gather-thumbnails.ts'

describe('gathering thumbnails', () => {
  const setUp = () => {
    const commits: number[][] = []
    const clock = { now: 0 }
    const gathering = gatherThumbnails<number>(
      (gathered) => void commits.push([...gathered.keys()]),
      () => clock.now,
    )
    return { commits, clock, add: (layer: number) => gathering.add(layer, { size: 1, data: layer }), finish: gathering.finish }
  }

  it('hands on all layers of a quick stream at once', () => {
    const { commits, add, finish } = setUp()
    for (const layer of [0, 1, 2]) add(layer)
    expect(commits).toEqual([])
    finish()
    expect(commits).toEqual([[0, 1, 2]])
  })

  it('shows a slow stream as it comes, each layer once', () => {
    const { commits, clock, add, finish } = setUp()
    for (const layer of [0, 1, 2, 3]) {
      add(layer)
      clock.now += 60
    }
    finish()
    expect(commits).toEqual([[0, 1, 2], [3]])
  })
})
