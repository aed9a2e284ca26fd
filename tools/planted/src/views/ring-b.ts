import { c } from './ring-c.ts' // planted: cycle
export const b = () => c
