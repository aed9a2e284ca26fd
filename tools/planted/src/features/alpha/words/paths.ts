// Words know nothing of what they describe.
import { calls } from '../api.ts' // planted: layer
import { own } from '../state/slice.ts' // planted: layer
import { german } from './de.ts'
export const used = [calls, own, german]
