// The type of all words, from the English ones; `t` finds missing and misspelt keys by it.

import type { words as methods } from './en/methods.ts'
import type { words as modelsDialog } from './en/models-dialog.ts'
import type { words as first } from './en/words.ts'

/** Words by part. A capability adds its own where they stand (`declare module '#i18n/messages'`). */
export interface WordParts {
  readonly first: typeof first
  readonly methods: typeof methods
  readonly modelsDialog: typeof modelsDialog
}

type AllOf<Part> = (Part extends unknown ? (part: Part) => void : never) extends (all: infer All) => void ? All : never

/** Every word of the page. */
export type Messages = AllOf<WordParts[keyof WordParts]>

type Some<Words> = { readonly [Key in keyof Words]?: Words[Key] extends string ? string : Some<Words[Key]> }

/**
 * Words of a language that is not complete: what it lacks is shown in English.
 * @internal both languages are complete
 */
export type SomeMessages = Some<Messages>

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'page'
    resources: { page: Messages }
  }
}
