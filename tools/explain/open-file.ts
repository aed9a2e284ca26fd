// A model file with what belongs to it, in hub layout, rewritten and started in Node on WASM.

import { addGradients, type GradientOptions, type GradientPlan } from '#autodiff/add-gradients'
import { EngineError } from '#engine/error'
import { parseConfig } from '#engine/model/config'
import { rowLimits } from '#engine/model/row-limits'
import type { InputConvention } from '#engine/passes/feeds'
import { fixedRowsOf, fixedSession } from '#engine/passes/fixed-rows'
import { type GraphSession, loadRuntime } from '#engine/runtime/session'
import type { PartName } from '#graph/instrument/expose-parts'
import type { InterventionName } from '#graph/instrument/interventions'
import { openModel } from '#graph/open-model'
import { type PreparedModel, tapModel, writeInstrumented } from '#graph/prepare'
import { besides, type ModelPlace, readJson } from './model-place.ts'

export interface OpenedFile {
  readonly prepared: PreparedModel
  /** How to ask for gradients; null where the graph has none. */
  readonly gradients: GradientPlan | null
  readonly session: GraphSession
  readonly layout: InputConvention
  readonly card: FileCard
}

/** What is known of a file, for reports. */
export interface FileCard {
  readonly name: string
  readonly file: string
  readonly family: string
  readonly task: string | null
  readonly layers: number
  readonly heads: number | null
  readonly parameters: number
  readonly file_bytes: number
  readonly float16: boolean
  readonly passes: PreparedModel['passes']
}

/**
 * @param differentiate what gradients are to be taken of; null for none
 * @param taps what is to be given of the layers' insides
 * @param interventions by what it is to be possible to change what the model computes
 * @throws GraphError, GradientError, EngineError
 */
export async function openFile(
  place: ModelPlace,
  file: string,
  differentiate: GradientOptions | null,
  taps: ReadonlySet<PartName>,
  interventions: readonly InterventionName[] = [],
): Promise<OpenedFile> {
  const read = await place.open(file)
  const bytes = read(file)
  if (!bytes) throw new EngineError('file-missing', `${place.name} has no file ${file}.`, { path: file })
  const config = parseConfig(readJson(read, file, 'config.json') ?? {})
  const source = openModel(bytes, { external: (location) => besides(read, file, location) })
  const tapped = tapModel(source, { taps, interventions })
  const added = differentiate === null ? null : addGradients(tapped, differentiate)
  const settings = readJson(read, file, 'tokenizer_config.json') ?? {}
  const fixed = fixedRowsOf(tapped.inputs)
  const { convention } = rowLimits(source.model.graph, tapped.inputs, tapped.vocabulary, config, settings)
  const prepared = writeInstrumented(added?.model ?? tapped)
  const runtime = await loadRuntime({ backend: 'wasm', threads: 1, assets: null })
  const plan = added?.plan ?? null
  const session = fixedSession(await runtime.create(prepared, 'wasm'), fixed, { ...prepared, gradients: plan }, config.pad_token_id ?? 0)
  return {
    prepared,
    gradients: plan,
    session,
    layout: convention,
    card: {
      name: place.name,
      file,
      family: config.model_type,
      task: prepared.task,
      layers: prepared.outputs.attentions.length,
      heads: prepared.heads ?? config.num_attention_heads ?? null,
      parameters: prepared.weights.parameters,
      file_bytes: bytes.byteLength,
      float16: prepared.isHalf,
      passes: prepared.passes,
    },
  }
}
