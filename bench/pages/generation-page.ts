// The page in which generation is timed: ours with and without keys and values of earlier tokens, and transformers.js with the same file.

import { AutoModelForCausalLM, type PreTrainedModel, Tensor } from '@huggingface/transformers'
import type { LoadedModel } from '#engine/model/model'
import type { ContinuingPasses, TokenCache } from '#engine/passes/continuing-passes'
import { createBranches } from '#features/generate/worker/branches.ts'
import { choose } from '#features/generate/worker/choice.ts'
import { createEngine } from '#features/worker.ts'
import type { SamplingRules } from '#methods/generation/sampling'
import { elementAt } from '#tensor/vector'
import { fetchModel } from './model-files.ts'
import { openEngine } from './open-engine.ts'
import { modelFolder } from './places.ts'
import { takeSiteFiles } from './transformers.ts'

export type Generator = 'cached' | 'uncached' | 'transformers'

export interface GenerationRequest {
  readonly id: string
  readonly weights: 'packed' | 'float32'
  /** Read again and again where a context is longer. */
  readonly text: string
}

export interface GeneratedTokens {
  readonly ids: readonly number[]
  /** Until each of them was there, from the start. */
  readonly ms: readonly number[]
}

export interface GenerationBench {
  open(request: GenerationRequest): Promise<void>
  /** The most likely `count` tokens behind the first `context` tokens of the text. */
  generate(generator: Generator, context: number, count: number): Promise<GeneratedTokens>
  /** The logit lens of the text's first tokens, all layers, from an engine that has not read them. */
  lens(tokens: number): Promise<LensTimes>
  /** A tree of so many branches behind the text's first tokens, as the worker keeps it. */
  tree(branches: number): Promise<TreeMemory>
}

export interface TreeMemory {
  readonly branches: number
  /** Of all keys and values that are kept. */
  readonly bytes: number
  /** Places of the tree, each counted once. */
  readonly tokens: number
  /** Of one token's keys and values. */
  readonly tokenBytes: number
}

export interface LensTimes {
  /** Milliseconds until all layers of the last position are there. */
  readonly first: number
  /** And those of all positions. */
  readonly all: number
}

declare global {
  interface Window {
    generationBench: GenerationBench
  }
}

const GREEDY: SamplingRules = { temperature: 0, topK: null, topP: null, minP: null, typical: null }

/** What was opened; each is asked only after that. */
let opened: {
  readonly model: LoadedModel
  readonly passes: ContinuingPasses
  readonly peer: PreTrainedModel
  readonly ids: readonly number[]
  readonly text: string
}

window.generationBench = {
  async open({ id, weights, text }) {
    const folder = modelFolder(id)
    const { files, data } = await fetchModel(folder)
    const model = await openEngine(files, weights)
    if (model.continuing === null) throw new Error(`${id} does not say what comes next`)
    takeSiteFiles(folder)
    const peer = await AutoModelForCausalLM.from_pretrained(id, { device: 'wasm', dtype: 'q4', use_external_data_format: data.length })
    opened = { model, passes: model.continuing, peer, text, ids: model.tokenizer.encode(text).tokens.map((token) => token.id) }
  },
  generate(generator, context, count) {
    const prompt = Array.from({ length: context }, (_, at) => elementAt(opened.ids, at % opened.ids.length))
    return generator === 'transformers' ? byTransformers(prompt, count) : byOurs(prompt, count, generator === 'cached')
  },
  tree: growTree,
  async lens(tokens) {
    const { model, text } = opened
    const own = model.tokenizer.encode(text).tokens.slice(0, tokens)
    const input = { text: text.slice(0, own.at(-1)?.end ?? 0), edits: [] }
    const engine = createEngine({ loadModel: async () => model, loadSnapshot: () => Promise.reject(new Error('not asked')) })
    const context = { signal: new AbortController().signal, progress: () => undefined }
    // The model is there already.
    await engine.load({ source: { kind: 'folder', base: '', snapshot: null }, runtime: '', backend: 'wasm', weights: 'auto' }, context)
    const begun = performance.now()
    let first = Number.NaN
    const request = { input, position: null, target: null, foil: null, most: null }
    const progress = (): void => {
      if (Number.isNaN(first)) first = performance.now() - begun
    }
    const { columns } = await engine.logitLens(request, { ...context, progress })
    if (columns.length !== tokens) throw new Error(`${columns.length} tokens were read, not ${tokens}`)
    return { first, all: performance.now() - begun }
  },
}

/** Tokens of the trunk, and those that each branch adds. */
const TRUNK = { prompt: 64, grown: 10 }
const BRANCH = 3

async function growTree(count: number): Promise<TreeMemory> {
  const { passes, model, ids } = opened
  const tree = createBranches(passes, (_, job) => job())
  const never = new AbortController().signal
  const places = new Set<string>()
  const ranked = async (text: readonly number[]): Promise<readonly number[]> => {
    text.forEach((_, at) => void places.add(text.slice(0, at + 1).join()))
    return choose(await tree.scores(text, never), GREEDY, 0, model.tokenizer).choice.candidates.map(({ id }) => id)
  }
  const trunk = ids.slice(0, TRUNK.prompt)
  const others: (readonly number[])[] = []
  for (let at = 0; at < TRUNK.grown; at++) {
    const candidates = await ranked(trunk)
    // Every branch takes another candidate, and leaves at one of the grown places.
    for (let rank = 1; rank <= Math.ceil(count / TRUNK.grown); rank++) others.push([...trunk, elementAt(candidates, rank)])
    trunk.push(elementAt(candidates, 0))
  }
  for (const start of others.slice(0, count)) {
    const text = [...start]
    while (text.length < start.length + BRANCH) text.push(elementAt(await ranked(text), 0))
    await ranked(text)
  }
  const [token] = (await passes.next(ids.slice(0, 1), [])).kept
  return { branches: count, bytes: tree.bytes, tokens: places.size, tokenBytes: token?.byteLength ?? 0 }
}

/** As the worker does it, with what it tells of every choice. */
async function byOurs(prompt: readonly number[], count: number, keeps: boolean): Promise<GeneratedTokens> {
  const { passes, model } = opened
  const begun = performance.now()
  const ids = [...prompt]
  const past: TokenCache[] = []
  const ms: number[] = []
  for (let step = 0; step < count; step++) {
    const { scores, kept } = await passes.next(keeps ? ids.slice(past.length) : ids, keeps ? past : [])
    past.push(...kept)
    ids.push(choose(scores, GREEDY, 0, model.tokenizer).id)
    ms.push(performance.now() - begun)
  }
  return { ids: ids.slice(prompt.length), ms }
}

async function byTransformers(prompt: readonly number[], count: number): Promise<GeneratedTokens> {
  const long = (values: readonly number[]): Tensor => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])
  const begun = performance.now()
  const ms: number[] = []
  const streamer = { put: () => void ms.push(performance.now() - begun), end: () => undefined }
  const output: unknown = await opened.peer.generate({
    inputs: long(prompt),
    attention_mask: long(prompt.map(() => 1)),
    max_new_tokens: count,
    min_new_tokens: count,
    do_sample: false,
    streamer,
  } as never)
  if (!(output instanceof Tensor)) throw new Error('transformers.js gave no tokens')
  const ids = Array.from(output.data as BigInt64Array, Number).slice(prompt.length)
  // The prompt is put first.
  return { ids, ms: ms.slice(-count) }
}
