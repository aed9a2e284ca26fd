// The kinds of fields that the table of settings is made of.

export interface Field<Value> {
  /** Name in the link. */
  readonly param: string
  readonly initial: Value
  /** The value that a link's text stands for; undefined when it stands for none. */
  read(text: string): Value | undefined
  write(value: Value): string
}

export function field<Value>(
  param: string,
  initial: Value,
  read: (text: string) => Value | undefined,
  write: (value: Value) => string,
): Field<Value> {
  return { param, initial, read, write }
}

/** One of some words; the first is the initial one. */
export function choice<const Words extends readonly [string, ...string[]]>(param: string, words: Words): Field<Words[number]> {
  return field<Words[number]>(
    param,
    words[0],
    (text) => words.find((word) => word === text),
    (value) => value,
  )
}

/** A text within the page's limits. */
export function text(param: string, initial: string): Field<string> {
  return field(
    param,
    initial,
    (value) => (value.length <= MAX_TEXT_LENGTH ? value : undefined),
    // A lone surrogate has no percent-encoding; a longer text would be refused whole when the link is read.
    (value) => value.slice(0, MAX_TEXT_LENGTH).toWellFormed(),
  )
}

/** A field that may be absent; its first value is null, and an empty text is not null. */
export function nullable<Value>(inner: Field<Value>): Field<Value | null> {
  return field<Value | null>(
    inner.param,
    null,
    (value) => (value.startsWith(PRESENT) ? inner.read(value.slice(PRESENT.length)) : undefined),
    (value) => (value === null ? '' : PRESENT + inner.write(value)),
  )
}

const PRESENT = '~'

/** Far beyond 512 tokens of any script, and short enough for a browser's address. */
export const MAX_TEXT_LENGTH = 20_000
