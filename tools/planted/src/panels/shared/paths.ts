// What all panels draw with knows none of them.
import { grid } from '../grid/grid.tsx' // planted: layer
import { near } from './near.ts'
import { drawn } from '../../features/alpha/panel/paths.ts' // planted: layer
export const used = [grid, near, drawn]
