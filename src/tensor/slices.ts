// A long calculation in slices, so that a stop is heard in between.

/** Yields, now and then, how many multiplications it has done since it last did. */
export type Steps<Result> = Generator<number, Result, undefined>

/** Multiplications in a slice: about 10 ms, which nobody notices, and long enough for a pause not to count. */
const SLICE = 2 ** 23

/** @param pause between two slices; what it throws ends the calculation */
export async function inSlices<Result>(steps: Steps<Result>, pause: () => Promise<void>): Promise<Result> {
  let done = 0
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    done += step.value
    if (done < SLICE) continue
    done = 0
    await pause()
  }
}

/**
 * Without pauses, as tests want it.
 * @internal
 */
export function inOne<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
