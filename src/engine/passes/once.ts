// What is asked again and has one answer.

/** The same answer when it is asked again; what failed is tried anew. */
export function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let known: Promise<Answer> | null = null
  return () => {
    known ??= ask()
    known.catch(() => {
      known = null
    })
    return known
  }
}
