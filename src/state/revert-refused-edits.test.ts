import { describe, expect, it } from 'vitest'
import { setUp } from '#features/attention/state/explain.fixture.ts'
import { revertRefusedEdits } from './revert-refused-edits.ts'

describe('a refused edit', () => {
  const start = async (change = {}) => {
    const page = setUp(change)
    page.ready()
    revertRefusedEdits(page.store, page.actions)
    return page
  }

  it('is taken back with all that follow it, the answer before it stays, and the reader is told why', async () => {
    const { engine, actions, answerRun, store, a, openRun } = await start({ against: 'none' })
    await answerRun(openRun('not bad'))
    actions.edit('a', { kind: 'delete', at: 1 })
    actions.edit('a', { kind: 'delete', at: 1 })
    actions.edit('a', { kind: 'delete', at: 1 })
    await engine.fail(openRun('not bad'), 'edit-refused', { edit: 1, reason: 'template-token' })
    expect(store.getState().settings.editsA).toEqual([{ kind: 'delete', at: 1 }])
    expect(store.getState().history.entries.map(({ editsA }) => editsA.length)).toEqual([0, 1])
    expect(store.getState().notices).toMatchObject([{ kind: 'edit-refused', data: { reason: 'template-token' } }])
    expect(a()).toMatchObject({ status: 'running', answer: { input: { edits: [] } } })
    expect(engine.open('run').args.input.edits).toHaveLength(1)
  })

  it('of the second sentence is taken back there', async () => {
    const { engine, actions, store, openRun } = await start({ textB: 'so bad' })
    actions.edit('b', { kind: 'mask', at: 9 })
    await engine.fail(openRun('so bad'), 'edit-refused', { edit: 0, reason: 'no-such-token' })
    expect(store.getState().settings).toMatchObject({ editsA: [], editsB: [] })
  })
})
