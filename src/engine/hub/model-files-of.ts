// Which models a list of files holds, told by names and folders alone; the graphs themselves are not read.

import type { HubFile, HubListing, HubModel } from '#protocol/hub-api'
import { MAX_FILE_BYTES } from '../files/download.ts'

/** A float32 file up to this size is a wait of seconds, for the numbers that the model was made with. */
const SMALL_BYTES = 64 * 2 ** 20

const SIDE_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'chat_template.jinja']
/** Words of a path that tell of its weights, and what they are called here. */
const PRECISIONS = new Map(
  Object.entries({
    ...Object.fromEntries(
      ['fp32', 'fp16', 'bf16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4', 'q2', 'q2f16', 'q1', 'q1f16'].map((word) => [word, word]),
    ),
    quantized: 'q8',
    qint8: 'int8',
    quint8: 'uint8',
    int4: 'q4',
  }),
)
/** Files of this name are steps or halves of a model. */
const PART = /^(?:encoder_model|decoder_with_past_model|embed_tokens|(?:vision|audio|speech|prompt)_\w+)/
/** Beside one of these, a decoder takes what they put out, and no text. */
const OTHER_HALF = /^(?:encoder_model|embed_tokens)/
/**
 * What is taken first when nobody chooses, after a small float32. Eight bits: a quarter of the download, close to the original, and
 * unpacked for WASM and WebGPU alike. Four bits change what a model says more, but the files without them are larger by far.
 */
const PREFERENCE = ['q8', 'int8', 'uint8', 'q4', 'fp16', 'q4f16', 'fp32', 'bf16', 'bnb4']

export type FilesOfModels = Pick<HubListing, 'models' | 'sideFiles' | 'suggested'>

/** Groups a list by graph: its data files, bytes, precision, and the side files that all share. Parts of models are listed and marked. */
export function modelFilesOf(files: readonly HubFile[]): FilesOfModels {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const sideFiles = SIDE_FILES.flatMap((name) => byPath.get(name) ?? [])
  const models = files.filter(({ path }) => path.endsWith('.onnx')).map((graph) => modelOf(graph, files, byPath))
  return { models, sideFiles, suggested: suggestedOf(models) }
}

function modelOf(graph: HubFile, files: readonly HubFile[], byPath: ReadonlyMap<string, HubFile>): HubModel {
  const folder = folderOf(graph.path)
  const beside = files.filter(({ path }) => folderOf(path) === folder)
  const weights = [graph, ...beside.filter(({ path }) => holdsDataOf(graph.path, path))]
  const sizes = weights.map(({ size }) => size)
  const name = graph.path.slice(folder.length)
  return {
    path: graph.path,
    files: [...weights, ...nearerSideFiles(folder, byPath)],
    bytes: sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    precision: precisionOf(graph.path),
    whole: !PART.test(name) && !(name.startsWith('decoder_') && beside.some(({ path }) => OTHER_HALF.test(path.slice(folder.length)))),
    tooLarge: sizes.some((size) => size !== null && size > MAX_FILE_BYTES),
  }
}

/** Whether a file is named as the data of a graph: `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data`, `model.data`. */
function holdsDataOf(graph: string, path: string): boolean {
  return path.startsWith(`${graph}_data`) || path.startsWith(`${graph}.data`) || path === graph.replace(/\.onnx$/, '.data')
}

/** Side files in the graph's folder, or in one above it, that the top has not. */
function nearerSideFiles(folder: string, byPath: ReadonlyMap<string, HubFile>): readonly HubFile[] {
  const folders: string[] = []
  for (let at = folder; at !== ''; at = folderOf(at.slice(0, -1))) folders.push(at)
  return SIDE_FILES.filter((name) => !byPath.has(name)).flatMap((name) => {
    const nearest = folders.find((candidate) => byPath.has(candidate + name))
    return nearest === undefined ? [] : (byPath.get(nearest + name) ?? [])
  })
}

/** The last word of the path that tells, so that the file's own name goes before its folders'. */
function precisionOf(path: string): string {
  return path.split(/[/_.-]/).reduce((found, word) => PRECISIONS.get(word.toLowerCase()) ?? found, 'fp32')
}

/** Path of the graph to load when nobody chooses: see `PREFERENCE`; of equals, the one with the plainest path, then the smaller. */
function suggestedOf(models: readonly HubModel[]): string | null {
  const rank = ({ precision, bytes }: HubModel): number => {
    if (precision === 'fp32' && bytes !== null && bytes <= SMALL_BYTES) return -1
    const place = PREFERENCE.indexOf(precision)
    return place < 0 ? PREFERENCE.length : place
  }
  const [first] = models
    .filter(({ whole, tooLarge }) => whole && !tooLarge)
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        one.path.length - other.path.length ||
        (one.bytes ?? Number.POSITIVE_INFINITY) - (other.bytes ?? Number.POSITIVE_INFINITY),
    )
  return first?.path ?? null
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
