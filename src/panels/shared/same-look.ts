/**
 * Whether a chart drawn with either options looks the same: all values are equal, nested ones too. Functions count as equal,
 * since panels make them anew at every render; what they depend on stands in the options or the data as well.
 */
export function sameLook(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) || (typeof one === 'function' && typeof other === 'function')) return true
  if (!isObject(one) || !isObject(other)) return false
  const [entries, others] = [Object.entries(one), new Map(Object.entries(other))]
  return entries.length === others.size && entries.every(([name, value]) => others.has(name) && sameLook(value, others.get(name)))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
