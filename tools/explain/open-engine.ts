// A model file with what belongs to it, opened in Node with the page's own engine: questions are asked as the page asks them.

import type { Prediction } from '#answers/answer-kinds'
import { EngineError } from '#engine/error'
import { type LoadedModel, type ModelFiles, startModel } from '#engine/model/model'
import type { GraphSession, RuntimeOptions } from '#engine/runtime/session'
import type { RunPart } from '#features/attention/api.ts'
import { createEngine, type EngineApi } from '#features/worker.ts'
import type { ModelCard } from '#protocol/model-api'
import type { ModelInput } from '#protocol/prediction'
import type { CallContext, Handlers } from '#protocol/serve'
import type { TokenRow } from '#text/token'
import { NODE_ENVIRONMENT } from '../node-environment.ts'
import { besides, type ModelPlace, type ReadFile, readJson } from './model-place.ts'
import type { FileCard } from './open-file.ts'

export interface OpenedEngine {
  readonly engine: Handlers<EngineApi>
  readonly model: LoadedModel
  readonly card: FileCard
  /** What the model answers to an input. @throws EngineError, TextError */
  run(input: ModelInput): Promise<{ readonly row: TokenRow; readonly prediction: Prediction }>
  release(): Promise<void>
}

/**
 * @param gradients whether they may be asked for
 * @param weights as the file has them, as everywhere in the command, unless `auto`: unpacked weights differ in the last digits
 * @throws GraphError, EngineError
 */
export async function openEngine(
  place: ModelPlace,
  file: string,
  gradients: boolean,
  weights: 'packed' | 'auto' = 'packed',
): Promise<OpenedEngine> {
  const read = await place.open(file)
  const files = filesOf(place.name, file, read)
  const sessions: GraphSession[] = []
  let float16 = false
  const environment = {
    ...NODE_ENVIRONMENT,
    loadRuntime: async (options: RuntimeOptions) => {
      const runtime = await NODE_ENVIRONMENT.loadRuntime(options)
      const create: typeof runtime.create = async (model, backend) => {
        const session = await runtime.create(model, backend)
        sessions.push(session)
        float16 ||= model.isHalf
        return session
      }
      return { create }
    },
  }
  const wishes = { backend: 'wasm', weights, ...(gradients ? { gradients: 'yes' as const } : {}) } as const
  const model = await startModel(files, wishes, environment, () => undefined)
  const engine = createEngine({
    loadModel: async () => model,
    loadSnapshot: () => Promise.reject(new EngineError('snapshot-refused', 'There is no snapshot here.')),
  })
  const { name, checked, kept, license } = files
  const source = { kind: 'files', name, files: [], onnx: file, checked, kept, license } as const
  await engine.load(
    { source, runtime: '', ...wishes },
    listening(() => undefined),
  )
  return {
    engine,
    model,
    card: fileCardOf(model.card, float16),
    run: async (input) => {
      const [answer] = await partsOf<RunPart>((context) =>
        engine.run({ input, choice: { heads: [], reduce: 'each' }, thumbnail: 1, sinksAside: false }, context),
      )
      if (answer?.kind !== 'prediction') throw new EngineError('run-failed', 'The model gave no answer.')
      return answer
    },
    release: async () => {
      // The lookup of words by itself has been released already.
      await Promise.allSettled(sessions.map((session) => session.release()))
    },
  }
}

/** A call that nobody stops. */
export function listening<Part>(progress: (part: Part) => void): CallContext<Part> {
  return { signal: new AbortController().signal, progress }
}

/** All parts of an answer that comes in parts. */
async function partsOf<Part>(call: (context: CallContext<Part>) => Promise<unknown>): Promise<readonly Part[]> {
  const parts: Part[] = []
  await call(listening((part) => void parts.push(part)))
  return parts
}

function filesOf(name: string, file: string, read: ReadFile): ModelFiles {
  const onnx = read(file)
  if (!onnx) throw new EngineError('file-missing', `${name} has no file ${file}.`, { path: file })
  const tokenizer = readJson(read, file, 'tokenizer.json')
  if (!tokenizer) throw new EngineError('file-missing', `${name} has no tokenizer.json.`, { path: 'tokenizer.json' })
  return {
    name,
    // Under this name a self-check would be kept, which WASM alone does not need.
    fingerprint: '',
    file,
    onnx,
    external: (location) => besides(read, file, location),
    fileBytes: onnx.byteLength,
    config: readJson(read, file, 'config.json') ?? {},
    tokenizer,
    tokenizerConfig: readJson(read, file, 'tokenizer_config.json') ?? {},
    chatTemplate: null,
    license: null,
    checked: 'not',
    kept: 'own',
  }
}

/** The card as the other forms of the command give it. */
function fileCardOf({ name, file, family, task, layers, heads, parameters, fileBytes, passes }: ModelCard, float16: boolean): FileCard {
  const isVocabulary = task === 'masked-lm' || task === 'causal-lm'
  const form = isVocabulary ? 'token-logits' : task === 'encoder' ? 'hidden' : task === 'question-answering' ? 'span' : task
  return { name, file, family, task: form, layers, heads, parameters, file_bytes: fileBytes, float16, passes }
}
