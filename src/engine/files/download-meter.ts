// Bytes received over all files, and the time left at a smoothed rate, told about ten times a second.

/** What the reader is told. */
export interface DownloadProgress {
  readonly kind: 'download'
  readonly received: number
  /** Null where it is not known. */
  readonly total: number | null
  /** Null until there is a rate. */
  readonly secondsLeft: number | null
  /** Nothing came over the network so far. */
  readonly fromCache: boolean
}

export interface DownloadMeter {
  /** A file's bytes so far. `received` never goes back, even when a file starts again. */
  set(path: string, bytes: number, from: 'network' | 'cache'): void
  /** More is to come than was known; null for nobody knows how much. */
  expect(more: number | null): void
}

const TELL_EVERY_MS = 100
/** The rate forgets with this time constant: calm enough to read, quick enough to follow a slowing line. */
const SMOOTHING_MS = 3000
/** A rate over less time than this is noise. */
const MIN_RATE_MS = 300

/** @param now a clock in milliseconds */
export function createDownloadMeter(stated: number | null, tell: (progress: DownloadProgress) => void, now: () => number): DownloadMeter {
  const files = new Map<string, number>()
  let total = stated
  let received = 0
  let overNetwork = 0
  let rate: number | null = null
  let ratedAt = now()
  let ratedBytes = 0
  let toldAt = Number.NEGATIVE_INFINITY
  let network = false

  const measure = (time: number): void => {
    const elapsed = time - ratedAt
    if (elapsed < MIN_RATE_MS) return
    const latest = (overNetwork - ratedBytes) / elapsed
    const weight = 1 - Math.exp(-elapsed / SMOOTHING_MS)
    rate = rate === null ? latest : rate + weight * (latest - rate)
    ratedAt = time
    ratedBytes = overNetwork
  }
  return {
    expect: (more) => {
      total = total === null || more === null ? null : total + more
    },
    set: (path, bytes, from) => {
      const known = files.get(path) ?? 0
      if (bytes <= known) return
      files.set(path, bytes)
      received += bytes - known
      if (from === 'network') {
        network = true
        overNetwork += bytes - known
      }
      const time = now()
      measure(time)
      if (time - toldAt < TELL_EVERY_MS && (total === null || received < total)) return
      toldAt = time
      const secondsLeft = rate === null || rate <= 0 || total === null ? null : (total - received) / rate / 1000
      tell({ kind: 'download', received, total, secondsLeft, fromCache: !network })
    },
  }
}
