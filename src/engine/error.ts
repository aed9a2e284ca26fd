// Errors of the engine: a kind that decides the reader's sentence, and the data that fill it in.

/** A failure with a name. `message` is for logs; the page writes its own sentence from `kind` and `data`. */
export class EngineError extends Error {
  readonly kind: string
  readonly data: Readonly<Record<string, string | number>>

  constructor(kind: string, message: string, data: Readonly<Record<string, string | number>> = {}) {
    super(message)
    this.name = 'EngineError'
    this.kind = kind
    this.data = data
  }
}
