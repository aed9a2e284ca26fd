// Depth says where a path leads.
import { near } from '../near.ts'
import { top } from '../../paths.ts'
import { own } from '../../../state/slice.ts'
import { calls } from '../../../api.ts'
import { handlers } from '../../../worker/handlers.ts' // planted: layer
import { foreign } from '../../../../beta/panel/thing.ts' // planted: layer
export const used = [near, top, own, calls, handlers, foreign]
