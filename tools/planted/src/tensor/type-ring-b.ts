import type { One } from './type-ring-a.ts' // planted: cycle
export interface Two {
  readonly one?: One
}
