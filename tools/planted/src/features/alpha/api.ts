// Calls and tables: nothing of the parts that use them.
import { handlers } from './worker/handlers.ts' // planted: layer
import { calls } from '../beta/api.ts' // planted: layer
import type { Slice } from './state/slice.ts' // planted: layer
export const used: Slice[] = [handlers, calls]
