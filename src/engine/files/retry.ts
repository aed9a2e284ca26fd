// A line that may break: what is worth another try, how long to wait for it, and when to give up.

import { EngineError } from '../error.ts'

/** How the network is reached. */
export interface Network {
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  /** Waits, and rejects with the signal's reason as soon as it is cancelled. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly onRetry: (retry: { readonly kind: 'retry'; readonly attempt: number; readonly waitMs: number; readonly reason: string }) => void
}

/** Tries in a row, none of which brought anything further, before giving up: about 16 seconds. */
export const MAX_FAILURES = 6
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 8000

/** Waiting time after failure number `failure` (from 1), in milliseconds. */
function backOff(failure: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failure - 1))
}

/**
 * `attempt`, tried again after every failure that is not an EngineError. A try that brought `reached()` further starts the count anew.
 * @throws EngineError of the attempt, or `download-failed` with data { path, attempts, reason }; the signal's reason when cancelled
 */
export async function withRetries<T>(
  path: string,
  network: Network,
  attempt: () => Promise<T>,
  reached: () => number = () => 0,
): Promise<T> {
  let furthest = 0
  for (let failures = 0; ; ) {
    network.signal.throwIfAborted()
    let reason: string
    try {
      return await attempt()
    } catch (error) {
      network.signal.throwIfAborted()
      if (error instanceof EngineError) throw error
      reason = error instanceof Error ? error.message : String(error)
    }
    failures = reached() > furthest ? 1 : failures + 1
    furthest = Math.max(furthest, reached())
    if (failures >= MAX_FAILURES) {
      throw new EngineError('download-failed', `${path} could not be downloaded: ${reason}`, { path, attempts: failures, reason })
    }
    const waitMs = backOff(failures)
    network.onRetry({ kind: 'retry', attempt: failures, waitMs, reason })
    await network.sleep(waitMs, network.signal)
  }
}

/**
 * Refuses an answer that another try would not better.
 * @throws EngineError `file-missing`, `file-refused`, `file-is-page`; a plain Error for what is worth another try
 */
export function checkAnswer(response: Response, path: string): void {
  const { status } = response
  if (status >= 500 || status === 408 || status === 416 || status === 425 || status === 429) throw new Error(`HTTP ${status}`)
  if (status === 404 || status === 410) throw new EngineError('file-missing', `${path} is not there`, { path, status })
  if (!response.ok) throw new EngineError('file-refused', `${path}: HTTP ${status}`, { path, status })
  // Many static hosts answer an unknown address with their front page and status 200.
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('text/html')) throw new EngineError('file-is-page', `${path}: a web page came instead`, { path })
}

/** The default `sleep`. */
export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
