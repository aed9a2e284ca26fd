/** A link may ask for what the model has not: then that is refused in words, and stays choosable. */
export function withOwn<Value>(offered: readonly Value[], own: Value): readonly Value[] {
  return offered.includes(own) ? offered : [...offered, own]
}
