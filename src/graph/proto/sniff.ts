// Looks at the first bytes and the top-level fields of a file before it is parsed, so that a wrong file is called by its name.

import { GraphError, type OtherFormat } from '../ir/errors.ts'

/** ONNX files are protocol buffers, which end at 2 GiB; larger models keep their weights in a second file. */
const MAX_FILE_BYTES = 2 ** 31 - 1

const SIGNATURES: readonly (readonly [prefix: readonly number[], format: OtherFormat])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'zip'],
  [[0x1f, 0x8b], 'gzip'],
  [[0x47, 0x47, 0x55, 0x46], 'gguf'],
  [[0x7b], 'json'],
  [[0x5b], 'json'],
]

const LFS_PREFIX = 'version https://git-lfs'

/** Wire types of ModelProto's fields (onnx.proto): 0 varint, 2 length-delimited. */
const MODEL_FIELDS: ReadonlyMap<number, 0 | 2> = new Map([
  [1, 0],
  [2, 2],
  [3, 2],
  [4, 2],
  [5, 0],
  [6, 2],
  [7, 2],
  [8, 2],
  [14, 2],
  [20, 2],
  [25, 2],
  [26, 2],
])

/**
 * Refuses what is plainly not a whole ONNX file.
 * @throws GraphError empty-file, graph-too-large, html-page, lfs-pointer, not-onnx, truncated
 */
export function sniff(file: Uint8Array): void {
  if (file.length === 0) throw new GraphError({ kind: 'empty-file' })
  if (file.length > MAX_FILE_BYTES)
    throw new GraphError({ kind: 'graph-too-large', what: 'bytes', size: file.length, limit: MAX_FILE_BYTES })
  const head = startOf(file)
  if (head.startsWith('<')) throw new GraphError({ kind: 'html-page' })
  if (head.startsWith(LFS_PREFIX)) throw new GraphError({ kind: 'lfs-pointer' })
  // The safetensors header: its length in 8 bytes, then JSON.
  if (file[8] === 0x7b && file[6] === 0 && file[7] === 0) throw new GraphError({ kind: 'not-onnx', looksLike: 'safetensors' })
  for (const [prefix, looksLike] of SIGNATURES) {
    if (prefix.every((byte, place) => file[place] === byte)) throw new GraphError({ kind: 'not-onnx', looksLike })
  }
  walkFields(file)
}

/** The first characters as ASCII, without a byte-order mark and leading white space. */
function startOf(file: Uint8Array): string {
  return String.fromCharCode(...file.subarray(0, 64)).replace(/^(\u00ef\u00bb\u00bf)?\s*/, '')
}

/** Steps over the top-level fields. A file of another kind fails at a field number or wire type, a cut one runs past its end. */
function walkFields(file: Uint8Array): void {
  const cut = (needed: number) => new GraphError({ kind: 'truncated', bytes: file.length, needed })
  let at = 0
  let seenGraph = false
  while (at < file.length) {
    const tag = varint(file, at)
    if (tag === null) throw seenGraph || at > 0 ? cut(file.length + 1) : new GraphError({ kind: 'not-onnx', looksLike: 'unknown' })
    const field = Math.floor(tag.value / 8)
    const wire = tag.value % 8
    const expected = MODEL_FIELDS.get(field)
    if (expected === undefined ? field === 0 || (wire !== 0 && wire !== 2) : wire !== expected) {
      throw new GraphError({ kind: 'not-onnx', looksLike: 'unknown' })
    }
    const value = varint(file, tag.end)
    if (value === null) throw cut(file.length + 1)
    at = wire === 2 ? value.end + value.value : value.end
    if (field === 7) seenGraph = true
    if (at > file.length) throw expected === undefined ? new GraphError({ kind: 'not-onnx', looksLike: 'unknown' }) : cut(at)
  }
  if (!seenGraph) throw new GraphError({ kind: 'not-onnx', looksLike: 'unknown' })
}

function varint(file: Uint8Array, start: number): { readonly value: number; readonly end: number } | null {
  let value = 0
  for (let place = 0; place < 10; place++) {
    const byte = file[start + place]
    if (byte === undefined) return null
    value += (byte & 0x7f) * 2 ** (7 * place)
    if (byte < 0x80) return { value, end: start + place + 1 }
  }
  return null
}
