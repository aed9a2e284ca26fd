import { b } from './ring-b.ts' // planted: cycle
export const a = () => b
