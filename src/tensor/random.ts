// Random numbers that are the same at every run: an explanation that changes by itself would be none.

/** Numbers of [0,1) by Mulberry32 (T. Ettinger, 2017), whose 32 bits of state are enough for noise. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Numbers of the standard normal distribution (Box and Muller, 1958). */
export function normalNumbers(seed: number): () => number {
  const uniform = randomNumbers(seed)
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const kept = spare
      spare = null
      return kept
    }
    // 1 - u is never 0, which has no logarithm.
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
