// A folder that is called like a layer.
import { near } from '../text/near.ts'
import { other } from '../../text/thing.ts' // planted: layer
import { round } from './../../text/thing.ts' // planted: layer
export const used = [near, other, round]
