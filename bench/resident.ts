// Memory of a browser's processes as Linux counts it.

import { existsSync, readFileSync } from 'node:fs'
import type { Browser } from '@playwright/test'

/** Bytes of a process that are in memory now, and the most that ever were. */
export interface Resident {
  readonly now: number
  readonly peak: number
}

/** Whether this system tells. */
export function countsMemory(): boolean {
  return existsSync('/proc/self/status')
}

/** The browser's renderers by process id. */
export async function renderersOf(browser: Browser): Promise<ReadonlyMap<number, Resident>> {
  const session = await browser.newBrowserCDPSession()
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const renderers = processInfo.filter(({ type, id }) => type === 'renderer' && existsSync(`/proc/${id}/status`))
    return new Map(renderers.map(({ id }) => [id, parseResident(readFileSync(`/proc/${id}/status`, 'utf8'))]))
  } finally {
    await session.detach()
  }
}

/** Reads /proc/PID/status. @throws Error when a line is missing */
export function parseResident(status: string): Resident {
  const bytes = (name: string): number => {
    const kibibytes = new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]
    if (kibibytes === undefined) throw new Error(`/proc says nothing of ${name}`)
    return Number(kibibytes) * 1024
  }
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') }
}

/**
 * How far the peak of the process that grew most lies above what it held before.
 * @param before only processes that were there already count
 * @throws Error when none of them had its peak since
 */
export function growth(before: ReadonlyMap<number, Resident>, after: ReadonlyMap<number, Resident>): number {
  const grown = [...before].flatMap(([id, { now, peak }]) => {
    const later = after.get(id)
    return later && later.peak > peak ? [later.peak - now] : []
  })
  if (grown.length === 0) throw new Error('no process of the browser grew')
  return Math.max(...grown)
}
