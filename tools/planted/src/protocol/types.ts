// Where only types may pass, each way to let a value through.
import { value } from '#tensor/thing' // planted: types-only
import { type Type } from '#tensor/thing' // planted: types-only
import * as all from '#tensor/thing' // planted: types-only
import type { Type as Fine } from '#tensor/thing'
import type * as fine from '#tensor/thing'
export { value as again } from '#tensor/thing' // planted: types-only
export * from '#tensor/thing' // planted: types-only
export type { Type as Again } from '#tensor/thing'
export const used: (Type | Fine | fine.Type)[] = [value, all]
