// The page's registry puts the page's parts together, and no worker's.
import { drawn } from './alpha/panel/paths.ts'
import { handlers } from './alpha/worker/handlers.ts' // planted: layer
import { slice } from '../state/slice.ts' // planted: layer
export const used = [drawn, handlers, slice]
