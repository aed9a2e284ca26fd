// What can be wrong with a reader's edits. The page turns kind and data into a sentence in its language.

export type TextErrorKind = 'edit-refused' | 'edits-unreadable'

/** `data.reason` names the cause; the other entries are the numbers and words its sentence needs. */
export class TextError extends Error {
  readonly kind: TextErrorKind
  readonly data: Readonly<Record<string, string | number>>

  constructor(kind: TextErrorKind, message: string, data: Readonly<Record<string, string | number>> = {}) {
    super(message)
    this.name = 'TextError'
    this.kind = kind
    this.data = data
  }
}
