// Tests may reach across layers.
import { slice } from '#state/slice'
export const used = slice
