// Props that are made anew at every render without being others: a widget of many parts is not drawn again for them.

import { useCallback, useLayoutEffect, useRef } from 'react'

/** The value before, as long as the new one is equal to it as JSON. */
export function useSame<Value>(value: Value): Value {
  const kept = useRef(value)
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value
  return kept.current
}

/** One function for good, which calls the newest. Not to be called while rendering. */
export function useNewest<Args extends readonly unknown[]>(callback: (...args: Args) => void): (...args: Args) => void {
  const newest = useRef(callback)
  useLayoutEffect(() => {
    newest.current = callback
  })
  return useCallback((...args: Args) => newest.current(...args), [])
}
