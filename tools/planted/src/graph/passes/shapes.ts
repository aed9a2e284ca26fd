// Every way to write a forbidden import, once.
import { slice } from '#state/slice' // planted: layer
import type { Slice } from '#state/slice' // planted: layer
import * as everything from '#state/slice' // planted: layer
import '#state/slice' // planted: layer
import { relative } from '../../state/slice.ts' // planted: layer
import { tensor } from '../../tensor/thing.ts' // planted: layer
import { allowed } from '#tensor/thing'
export { slice as again } from '#state/slice' // planted: layer
export * from '#state/slice' // planted: layer
export type { Slice as Again } from '#state/slice' // planted: layer
export const later = () => import('#state/slice') // planted: layer
export const used: Slice[] = [slice, everything, relative, tensor, allowed]
