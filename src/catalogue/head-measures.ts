// What heads are coloured by: what they write into the answer, or what they look at and copy.

export const HEAD_MEASURES = [
  'shares',
  'induction',
  'copying',
  'previousToken',
  'duplicateToken',
  'self',
  'firstToken',
  'delimiters',
  'distance',
  'entropy',
] as const
export type HeadMeasure = (typeof HEAD_MEASURES)[number]

/** What that is measured on: the reader's text, or random tokens said twice. */
export const HEAD_SOURCES = ['text', 'random'] as const
