// The layer's public face.

export { GraphError } from './errors.ts'
export { type PreparedModel, prepareModel } from './prepare.ts'
