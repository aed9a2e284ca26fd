// The worker knows no page.
import { own } from '../state/slice.ts' // planted: layer
import { drawn } from '../panel/paths.ts' // planted: layer
import { allowed } from '../api.ts'
import { answer } from '../../beta/worker/handlers.ts' // planted: layer
export const used = [own, drawn, allowed, answer]
