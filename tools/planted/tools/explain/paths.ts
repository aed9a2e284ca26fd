// The command reaches the code as the code reaches itself.
import { slice } from '../../src/state/slice.ts' // planted: layer
import { tensor } from '../../src/tensor/thing.ts' // planted: layer
import { folder } from '../model-folder.ts'
export const used = [slice, tensor, folder]
