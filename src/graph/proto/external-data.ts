// External data: tensors whose bytes are outside the graph's message, by path, offset and length.

import { GraphError } from '../ir/errors.ts'

/** Bytes that a graph refers to by path; what the runtime's `externalData` option takes. */
export interface ExternalData {
  readonly path: string
  readonly data: Uint8Array
}

/** Finds the bytes of a second file by the location that the model gives, undefined where there is none. */
export type ResolveExternal = (location: string) => Uint8Array | undefined

/** The files a model refers to, each resolved once. */
export class ExternalFiles {
  readonly #resolve: ResolveExternal
  readonly #found = new Map<string, Uint8Array>()

  constructor(resolve: ResolveExternal = () => undefined) {
    this.#resolve = resolve
  }

  /**
   * A view of a tensor's bytes.
   * @param length in bytes, null for all that follows the offset
   * @throws GraphError external-data-missing, external-data-short
   */
  view(tensor: string, location: string, offset: number, length: number | null): Uint8Array {
    const data = this.#found.get(location) ?? this.#resolve(location)
    if (data === undefined) throw new GraphError({ kind: 'external-data-missing', location, tensor })
    this.#found.set(location, data)
    const end = length === null ? data.length : offset + length
    if (!(offset >= 0 && offset <= end && end <= data.length)) {
      throw new GraphError({ kind: 'external-data-short', location, tensor, bytes: data.length, needed: end })
    }
    return data.subarray(offset, end)
  }

  files(): readonly ExternalData[] {
    return Array.from(this.#found, ([path, data]) => ({ path, data }))
  }
}
