import { describe, expect, it } from 'vitest'
import { createSchedule } from './schedule.ts'

const always = (): boolean => true

/** A job that ends when it is told to, and says when it began. */
function heldJob(log: string[], name: string): { readonly job: () => Promise<string>; end(): void } {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return {
    job: async () => {
      log.push(name)
      await ended
      return name
    },
    end: () => end(),
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

describe('the schedule', () => {
  it('runs one job at a time, in order', async () => {
    const log: string[] = []
    const schedule = createSchedule()
    const [one, two] = [heldJob(log, 'one'), heldJob(log, 'two')]
    const jobs = [schedule.add('live', always, one.job), schedule.add('live', always, two.job)]
    await settled()
    expect(log).toEqual(['one'])
    one.end()
    await settled()
    expect(log).toEqual(['one', 'two'])
    two.end()
    expect(await Promise.all(jobs)).toEqual(['one', 'two'])
  })

  it('takes what is on screen before long work, whichever came first', async () => {
    const log: string[] = []
    const schedule = createSchedule()
    const held = heldJob(log, 'first')
    const add = (urgency: 'live' | 'background', name: string): Promise<void> =>
      schedule.add(urgency, always, async () => void log.push(name))
    const jobs = [
      schedule.add('background', always, held.job),
      add('background', 'long'),
      add('live', 'screen'),
      add('background', 'longer'),
    ]
    held.end()
    await Promise.all(jobs)
    expect(log).toEqual(['first', 'screen', 'long', 'longer'])
  })

  it('does not run a job that nobody wants by then', async () => {
    const log: string[] = []
    const schedule = createSchedule()
    const held = heldJob(log, 'first')
    let wanted = true
    const first = schedule.add('live', always, held.job)
    const dropped = schedule.add('live', () => wanted, heldJob(log, 'dropped').job)
    const last = schedule.add('live', always, async () => 'last')
    wanted = false
    held.end()
    await expect(dropped).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await Promise.all([first, last])).toEqual(['first', 'last'])
    expect(log).toEqual(['first'])
  })

  it.each([
    ['fails', () => Promise.reject(new Error('broken'))],
    [
      'throws before it starts',
      () => {
        throw new Error('broken')
      },
    ],
  ])('goes on after a job that %s', async (_, broken: () => Promise<never>) => {
    const schedule = createSchedule()
    await expect(schedule.add('live', always, broken)).rejects.toThrow('broken')
    await expect(schedule.add('live', always, async () => 'next')).resolves.toBe('next')
  })

  it('takes a job that a job adds', async () => {
    const schedule = createSchedule()
    const inner = await schedule.add('live', always, async () => ({ next: schedule.add('live', always, async () => 'inner') }))
    await expect(inner.next).resolves.toBe('inner')
  })
})
