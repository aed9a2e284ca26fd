// Answers that are kept for questions that come again, for as long as their model is there.

export interface KeptAnswers<Answer> {
  get(question: unknown): Answer | null
  put(question: unknown, answer: Answer): void
}

/** @param most questions of a model; the one that was asked longest ago goes first */
export function createKeptAnswers<Answer>(most: number): { readonly of: (model: object) => KeptAnswers<Answer> } {
  const byModel = new WeakMap<object, Map<string, Answer>>()
  return {
    of: (model) => {
      const kept = byModel.get(model) ?? new Map<string, Answer>()
      byModel.set(model, kept)
      return {
        get: (question) => kept.get(JSON.stringify(question)) ?? null,
        put: (question, answer) => {
          const key = JSON.stringify(question)
          kept.delete(key)
          kept.set(key, answer)
          for (const oldest of kept.keys()) if (kept.size > most) kept.delete(oldest)
        },
      }
    },
  }
}
