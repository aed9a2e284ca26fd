// The zoo of tiny transformer files: prepares and runs a file as the engine does, and compares it with what PyTorch computed.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GraphError } from '#graph/ir/errors'
import { type PreparedModel, type PrepareOptions, prepareModel } from '#graph/prepare'
import type { ResolveExternal } from '#graph/proto/external-data'
import type { Task } from '#graph/recognise/answer'
import type { Tensor } from '#tensor/tensor'
import { conventionOf, parseConfig } from '../model/config.ts'
import { buildFeeds } from '../passes/feeds.ts'
import { loadRuntime } from '../runtime/session.ts'
import { largestGap } from './reference.ts'

const ZOO = 'fixtures/zoo'

export interface Stored {
  readonly dims: readonly number[]
  readonly data: readonly number[]
}

export interface ZooCase {
  readonly name: string
  readonly inputs: Readonly<Record<string, Stored>>
  readonly logits?: Stored
  readonly last_hidden_state?: Stored
  readonly embeddings: Stored
  readonly attentions: readonly Stored[]
  readonly hidden_states: readonly Stored[]
}

/** What Python's onnxruntime gives for a file: all of the output, or its last row. */
type VariantRun = Readonly<Record<string, Stored | number | undefined>>

interface Reference {
  readonly cases: readonly ZooCase[]
  readonly variants: Readonly<Record<string, Readonly<Record<string, VariantRun>>>>
}

interface Manifest {
  readonly families: Readonly<Record<string, { readonly task: string; readonly variants: readonly string[] }>>
  readonly broken: Readonly<Record<string, string>>
}

export interface ZooFile {
  readonly family: string
  readonly variant: string
  readonly task: Task
}

const TASKS: Readonly<Record<string, Task>> = { 'feature-extraction': 'hidden', 'text-classification': 'classifier' }

/** Largest absolute differences; null where the model does not give the value. */
export interface Gaps {
  /** From PyTorch's result on the weights before they were quantised. */
  readonly logits: number
  /** From what onnxruntime gives for the same file. */
  readonly sameFile: number
  /** How far onnxruntime's result for the same file is from PyTorch's. */
  readonly native: number
  readonly attentions: number | null
  readonly hiddenStates: number | null
  readonly embeddings: number | null
}

export type ZooResult =
  | { readonly kind: 'measured'; readonly prepared: PreparedModel; readonly gaps: Gaps }
  | { readonly kind: 'refused'; readonly error: Error }

const manifest: Manifest = readJson('manifest.json')

/** Every file of every family. */
export const zooFiles: readonly ZooFile[] = Object.entries(manifest.families).flatMap(([family, { task, variants }]) =>
  variants.filter((variant) => variant.endsWith('.onnx')).map((variant) => ({ family, variant, task: TASKS[task] ?? 'token-logits' })),
)

export const brokenFiles: readonly string[] = Object.keys(manifest.broken)

/** Prepares a file of the zoo. @throws GraphError */
export function prepareZooFile(path: string, options: PrepareOptions = {}): PreparedModel {
  const { bytes, external } = readZooFile(path)
  return prepareModel(bytes, { external, ...options })
}

/** A file of the zoo, and what finds the files beside it. */
export function readZooFile(path: string): { readonly bytes: Uint8Array; readonly external: ResolveExternal } {
  const file = join(ZOO, path)
  const external = (location: string): Uint8Array | undefined => {
    const other = join(dirname(file), location)
    return existsSync(other) ? new Uint8Array(readFileSync(other)) : undefined
  }
  return { bytes: new Uint8Array(readFileSync(file)), external }
}

/** Prepares and runs a file on every case of its family. @throws what is not a refusal */
export async function measureZooFile({ family, variant }: ZooFile, options: PrepareOptions = {}): Promise<ZooResult> {
  let prepared: PreparedModel
  try {
    prepared = prepareZooFile(join(family, 'onnx', variant), options)
  } catch (error) {
    if (error instanceof GraphError) return { kind: 'refused', error }
    throw error
  }
  const reference: Reference = readJson(join(family, 'reference.json'))
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const session = await runtime.create(prepared, 'wasm')
  const layout = conventionOf(parseConfig(readJson(join(family, 'config.json'))))
  const runs: Gaps[] = []
  for (const expected of reference.cases) {
    const variantRun = reference.variants[variant]?.[expected.name]
    if (variantRun === undefined) continue
    const { logits, attentions, hiddenStates, embeddings } = prepared.outputs
    const feeds = buildFeeds(prepared.inputs, rowOf(expected.inputs), layout)
    const wanted = [logits, ...attentions, ...hiddenStates, ...(embeddings === null ? [] : [embeddings])]
    const results = await session.run(feeds, Array.from(new Set(wanted)))
    runs.push(compare(prepared, results, expected, variantRun))
  }
  await session.release()
  return { kind: 'measured', prepared, gaps: worst(runs) }
}

function compare(prepared: PreparedModel, results: Readonly<Record<string, Tensor>>, expected: ZooCase, variantRun: VariantRun): Gaps {
  const { logits, attentions, hiddenStates, embeddings } = prepared.outputs
  const data = (name: string): Float32Array => results[name]?.data ?? new Float32Array()
  const worstOf = (names: readonly string[], stored: readonly Stored[]): number | null => {
    if (names.length === 0) return null
    if (names.length !== stored.length) return Number.POSITIVE_INFINITY
    return names.reduce((gap, name, place) => Math.max(gap, largestGap(data(name), stored[place]?.data ?? [])), 0)
  }
  const key = expected.logits === undefined ? 'last_hidden_state' : 'logits'
  const whole = variantRun[key]
  const lastRow = variantRun[`${key}_last_row`]
  const output = data(logits)
  const same = isStored(whole) ? whole.data : isStored(lastRow) ? lastRow.data : []
  return {
    logits: largestGap(output, (expected.logits ?? expected.last_hidden_state)?.data ?? []),
    native: typeof variantRun.max_abs_diff_vs_torch === 'number' ? variantRun.max_abs_diff_vs_torch : Number.POSITIVE_INFINITY,
    sameFile: largestGap(output.subarray(output.length - same.length), same),
    attentions: worstOf(attentions, expected.attentions),
    hiddenStates: worstOf(hiddenStates, expected.hidden_states),
    embeddings: embeddings === null ? null : worstOf([embeddings], [expected.embeddings]),
  }
}

function isStored(value: Stored | number | undefined): value is Stored {
  return typeof value === 'object'
}

function worst(runs: readonly Gaps[]): Gaps {
  const most = (pick: (gaps: Gaps) => number | null): number | null => {
    const values = runs.map(pick).filter((value) => value !== null)
    return values.length === 0 ? null : Math.max(...values)
  }
  return {
    logits: most(({ logits }) => logits) ?? Number.POSITIVE_INFINITY,
    native: most(({ native }) => native) ?? Number.POSITIVE_INFINITY,
    sameFile: most(({ sameFile }) => sameFile) ?? Number.POSITIVE_INFINITY,
    attentions: most(({ attentions }) => attentions),
    hiddenStates: most(({ hiddenStates }) => hiddenStates),
    embeddings: most(({ embeddings }) => embeddings),
  }
}

/** A case's inputs as a row of ids. */
export function rowOf(inputs: ZooCase['inputs']) {
  const { input_ids: ids, attention_mask: mask, token_type_ids: types } = inputs
  return { ids: ids?.data ?? [], ...(mask ? { mask: mask.data } : {}), ...(types ? { types: types.data } : {}) }
}

/** A JSON file of the zoo. */
export function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(join(ZOO, path), 'utf8'))
}
