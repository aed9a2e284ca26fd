export type Slice = unknown
export const slice: Slice = 1
export const relative: Slice = 2
