// What can be made of the files that a reader chose: which graphs there are, and what is still missing.

import type { NamedBlob } from '#protocol/model-api'

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

export function readChosen(files: readonly NamedBlob[]): ChosenFiles {
  const paths = files.map(({ path }) => path)
  const has = (name: string): boolean => paths.some((path) => nameOf(path) === name)
  const graphs = paths
    .filter((path) => path.toLowerCase().endsWith('.onnx'))
    .sort((one, other) => Number(CONTINUES.test(one)) - Number(CONTINUES.test(other)) || one.localeCompare(other))
  const [graph = ''] = graphs
  const missing: MissingFile[] = []
  if (graphs.length === 0) missing.push('graph')
  if (!has('tokenizer.json')) missing.push('tokenizer')
  if (!has('config.json')) missing.push('config')
  return { graphs, missing, name: graph.includes('/') ? (graph.split('/')[0] ?? graph) : nameOf(graph).replace(/\.onnx$/i, '') }
}

/**
 * The files that belong to one graph: those at the top of its folder, and those beside it that are no other graph. Files of a folder
 * that holds several models are told apart by it.
 */
export function filesOfGraph(files: readonly NamedBlob[], graph: string): readonly NamedBlob[] {
  return files.filter(({ path }) => path === graph || !path.toLowerCase().endsWith('.onnx'))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
