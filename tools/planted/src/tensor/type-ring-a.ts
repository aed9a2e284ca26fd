// A circle of types is a circle.
import type { Two } from './type-ring-b.ts' // planted: cycle
export interface One {
  readonly two: Two
}
