export type Type = unknown
export const allowed: Type = 1
export const tensor: Type = 2
export const value: Type = 3
