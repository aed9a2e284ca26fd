// What can be wrong with a model file, as data: the page turns a kind and its data into a sentence in the reader's language.

import type { Violation } from './violation.ts'

/** Formats that are often given in place of an ONNX file. */
export type OtherFormat = 'zip' | 'safetensors' | 'gguf' | 'json' | 'gzip' | 'unknown'

export type GraphFault =
  | { readonly kind: 'empty-file' }
  | { readonly kind: 'html-page' }
  | { readonly kind: 'lfs-pointer' }
  | { readonly kind: 'not-onnx'; readonly looksLike: OtherFormat }
  /** `needed` is how long the file would have to be for the field that is cut off. */
  | { readonly kind: 'truncated'; readonly bytes: number; readonly needed: number }
  | { readonly kind: 'graph-too-large'; readonly what: 'bytes' | 'nodes' | 'subgraph-depth'; readonly size: number; readonly limit: number }
  | { readonly kind: 'external-data-missing'; readonly location: string; readonly tensor: string }
  | {
      readonly kind: 'external-data-short'
      readonly location: string
      readonly tensor: string
      readonly bytes: number
      readonly needed: number
    }
  | { readonly kind: 'unsupported-type'; readonly value: string; readonly type: string }
  | { readonly kind: 'unknown-operator'; readonly operator: string; readonly node: string }
  /** An operator is known, but not a part of this use of it: an attribute, an input, a form of an input. */
  | { readonly kind: 'unsupported-form'; readonly operator: string; readonly node: string; readonly part: string }
  /** `pass` is null when the file itself is at fault. */
  | { readonly kind: 'invalid-graph'; readonly pass: string | null; readonly violations: readonly Violation[] }
  | { readonly kind: 'rewrite-diverged'; readonly pass: string; readonly rounds: number }
  | { readonly kind: 'no-output' }
  /** The file continues from a cache, one token at a time: it cannot read a text by itself. */
  | { readonly kind: 'single-token'; readonly input: string }
  /** `softmaxes` counts the Softmax nodes that were looked at and refused. */
  | { readonly kind: 'no-attention'; readonly softmaxes: number }
  /** Attention is there, but inside operators that are not opened. */
  | { readonly kind: 'closed-attention'; readonly operators: readonly string[] }

/** The only error this layer throws on purpose. The message is English, for logs; the page writes its own from `kind` and `data`. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly kind: GraphFault['kind']
  /** The fault's words and numbers; lists are joined. */
  readonly data: Readonly<Record<string, string | number>>
  readonly fault: GraphFault

  constructor(fault: GraphFault, cause?: unknown) {
    super(messageOf(fault), { cause })
    this.kind = fault.kind
    this.data = plainData(fault)
    this.fault = fault
  }
}

function plainData({ kind: _, ...rest }: GraphFault): Readonly<Record<string, string | number>> {
  const data: Record<string, string | number> = {}
  for (const [key, value] of Object.entries<string | number | null | readonly (string | Violation)[]>(rest)) {
    if (typeof value === 'string' || typeof value === 'number') data[key] = value
    else if (value !== null) data[key] = value.map((item) => (typeof item === 'string' ? item : item.message)).join(', ')
  }
  return data
}

const FORMAT_NAMES: Readonly<Record<OtherFormat, string>> = {
  zip: 'a zip archive (perhaps a PyTorch checkpoint)',
  safetensors: 'a safetensors file (weights without a graph)',
  gguf: 'a GGUF file',
  json: 'a JSON file',
  gzip: 'a gzip archive (unpack it first)',
  unknown: 'something else',
}

function messageOf(fault: GraphFault): string {
  switch (fault.kind) {
    case 'empty-file':
      return 'The file is empty.'
    case 'html-page':
      return 'The file is a web page, not a model: the address probably answered with an error page.'
    case 'lfs-pointer':
      return 'The file is a Git LFS pointer, not the model itself: download the real file.'
    case 'not-onnx':
      return `The file is not ONNX: it looks like ${FORMAT_NAMES[fault.looksLike]}.`
    case 'truncated':
      return `The file is cut off: it has ${fault.bytes} bytes and needs at least ${fault.needed}. The download was probably interrupted.`
    case 'graph-too-large':
      return `The model is too large: ${fault.size} ${fault.what}, the limit is ${fault.limit}.`
    case 'external-data-missing':
      return `The weights of "${fault.tensor}" are in a second file, "${fault.location}", which was not given.`
    case 'external-data-short':
      return `The file "${fault.location}" has ${fault.bytes} bytes, but "${fault.tensor}" needs ${fault.needed}.`
    case 'unsupported-type':
      return `The value "${fault.value}" has a type that is not supported: ${fault.type}.`
    case 'unknown-operator':
      return `The model uses an operator that no runtime here knows: ${fault.operator} (node "${fault.node}").`
    case 'unsupported-form':
      return `The operator ${fault.operator} (node "${fault.node}") has a form that cannot be taken apart: ${fault.part}.`
    case 'invalid-graph':
      return `${fault.pass === null ? 'The graph is not valid' : `The pass "${fault.pass}" broke the graph`}: ${fault.violations
        .map((violation) => violation.message)
        .join(' ')}`
    case 'rewrite-diverged':
      return `The pass "${fault.pass}" did not come to an end in ${fault.rounds} rounds.`
    case 'no-output':
      return 'The graph has no output of real numbers.'
    case 'single-token':
      return `The model takes one token at a time ("${fault.input}") and needs a cache for the rest: choose the file for whole texts.`
    case 'no-attention':
      return `No attention was found: none of the ${fault.softmaxes} Softmax nodes weighs one computed value by the product of two others.`
    case 'closed-attention':
      return `The attention of this model is inside ${fault.operators.join(', ')}, which cannot be opened yet.`
  }
}
