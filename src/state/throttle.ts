// Lets what comes quickly through at a pace that a page can draw.

export interface Throttle<Value> {
  /** Hands the value on at once, or, soon after another, when its time has come, unless a newer one takes its place. */
  put(value: Value): void
  /** Hands on at once what still waits. */
  flush(): void
}

/** @param everyMs the least time between two values; 0 hands on each */
export function throttle<Value>(everyMs: number, take: (value: Value) => void): Throttle<Value> {
  let waiting: { readonly value: Value } | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  const flush = (): void => {
    const next = waiting
    waiting = null
    if (next !== null) take(next.value)
  }
  const onTime = (): void => {
    timer = null
    if (waiting === null) return
    flush()
    timer = setTimeout(onTime, everyMs)
  }
  return {
    put: (value) => {
      waiting = { value }
      if (timer !== null) return
      flush()
      if (everyMs > 0) timer = setTimeout(onTime, everyMs)
    },
    flush,
  }
}
