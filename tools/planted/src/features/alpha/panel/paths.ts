// Relative paths of a panel part: its own state and calls are near, everything else is another place.
import { allowed } from '../api.ts'
import { answer } from '../worker/handlers.ts' // planted: layer
import { own } from '../state/slice.ts'
import { words } from '../words/en.ts' // planted: layer
import { foreign } from '../../beta/state/slice.ts' // planted: layer
import { calls } from '../../beta/api.ts' // planted: layer
import { slice } from '../../../state/slice.ts' // planted: layer
import { grid } from '#panels/grid/grid.tsx' // planted: layer
export const later = () => import('#features/beta/panel/thing.ts') // planted: layer
export const used = [allowed, answer, own, words, foreign, calls, slice, grid]
