// The layer's public face.

export { GraphError } from './ir/errors.ts'
export { type PreparedModel, prepareModel } from './prepare.ts'
