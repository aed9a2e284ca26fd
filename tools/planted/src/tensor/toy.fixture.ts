import { slice } from '#state/slice'
export const model = slice
