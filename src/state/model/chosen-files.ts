// What can be made of the files that a reader chose: which graphs there are, and what is still missing.

import type { OwnFile } from '#protocol/model-api'

export type MissingFile = 'graph' | 'tokenizer' | 'config'

export interface ChosenFiles {
  /** Paths of the graphs, the likeliest first. */
  readonly graphs: readonly string[]
  /** `config` is no more than a pity: names of classes and the longest input come from it. */
  readonly missing: readonly MissingFile[]
  /** A name for the model: its folder's, or its graph's. */
  readonly name: string
}

/** A graph that reads whole texts by itself comes before one that continues from a cache. */
const CONTINUES = /with_past/

export function readChosen(files: readonly OwnFile[]): ChosenFiles {
  const paths = files.map(({ path }) => path)
  const has = (name: string): boolean => paths.some((path) => nameOf(path) === name)
  const graphs = paths
    .filter(isGraph)
    .sort((one, other) => Number(CONTINUES.test(one)) - Number(CONTINUES.test(other)) || one.localeCompare(other))
  const [graph = ''] = graphs
  const missing: MissingFile[] = []
  if (graphs.length === 0) missing.push('graph')
  if (!has('tokenizer.json')) missing.push('tokenizer')
  if (!has('config.json')) missing.push('config')
  return { graphs, missing, name: graph.includes('/') ? (graph.split('/')[0] ?? graph) : nameOf(graph).replace(/\.onnx$/i, '') }
}

/** The same weights for other libraries, which lie beside the graph in many folders and are as large as it. */
const OTHER_WEIGHTS = /\.(?:safetensors|gguf|h5|msgpack|ot|pth?|ckpt)$|(?:^|\/)pytorch_model[^/]*\.bin$/i

/** The files that may belong to one graph: all but other graphs, and weights that no graph reads. */
export function filesOfGraph(files: readonly OwnFile[], graph: string): readonly OwnFile[] {
  return files.filter(({ path }) => path === graph || !(isGraph(path) || OTHER_WEIGHTS.test(path)))
}

/**
 * What is chosen after a further choice: it completes files that are not a whole model yet, and takes the place of those that are
 * another one: a folder of any files, a graph of one that was there.
 */
export function withChosen(before: readonly OwnFile[], further: readonly OwnFile[]): readonly OwnFile[] {
  const isWhole = further.some(({ path }) => path.includes('/'))
  const hasGraph = (files: readonly OwnFile[]): boolean => files.some(({ path }) => isGraph(path))
  if (isWhole || (hasGraph(before) && hasGraph(further))) return further
  const paths = new Set(further.map(({ path }) => path))
  return [...before.filter(({ path }) => !paths.has(path)), ...further]
}

function isGraph(path: string): boolean {
  return path.toLowerCase().endsWith('.onnx')
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
