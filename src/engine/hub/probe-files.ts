// A plain file server keeps no list: it is asked, name by name, for what model repositories usually have.

import type { HubFile } from '#protocol/hub-api'
import { EngineError } from '../error.ts'
import type { HubPlace } from './hub-address.ts'
import type { RepoAnswer } from './hub-answer.ts'
import { type Ask, commitOf, refusalOf, repoMissing } from './hub-request.ts'

const PRECISIONS = ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4', '_q4f16', '_bnb4']
const GRAPHS = ['onnx/model', 'onnx/decoder_model_merged', 'onnx/decoder_model', 'model', 'decoder_model_merged', 'decoder_model']
const SIDE_FILES = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'chat_template.jinja', 'generation_config.json']
/** Every model of a hub has one. */
const FIRST = 'config.json'
/** Requests in flight: browsers send no more to a host at once. */
const AT_ONCE = 6
/** Data files of one graph: of 2 GB each, more than a browser holds. */
const MAX_DATA_FILES = 8
/** Servers compress these on the way, so that the length they state is not the file's. */
const TEXT = /\.(?:json|jinja|txt|md)$/

/**
 * @throws EngineError `hub-unreachable` { address }, `hub-repo-missing` { repo }, and those of `refusalOf`; the signal's reason when cancelled
 */
export async function probeFiles(place: HubPlace, ask: Ask, signal: AbortSignal): Promise<RepoAnswer> {
  const first = await ask(place.file(FIRST), 'HEAD').catch(() => {
    signal.throwIfAborted()
    throw new EngineError('hub-unreachable', `${place.address} does not answer.`, { address: place.address })
  })
  const refusal = refusalOf(first, place)
  if (refusal) throw refusal
  const config = fileOf(FIRST, first)
  if (!config) throw repoMissing(place.repo)

  const probe = async (path: string): Promise<HubFile | null> => {
    const response = await ask(place.file(path), 'HEAD').catch(() => null)
    signal.throwIfAborted()
    return response && fileOf(path, response)
  }
  const names = [...SIDE_FILES, ...GRAPHS.flatMap((graph) => PRECISIONS.map((precision) => `${graph}${precision}.onnx`))]
  const found = await inTurns(names, probe)
  const data = await inTurns(
    found.filter(({ path }) => path.endsWith('.onnx')),
    ({ path }) => dataFiles(path, probe),
  )
  return { commit: commitOf(first), license: null, gated: false, files: [config, ...found, ...data.flat()] }
}

/** `model.onnx_data`, `model.onnx_data_1`, ...; or `model.onnx.data`. */
async function dataFiles(graph: string, probe: (path: string) => Promise<HubFile | null>): Promise<readonly HubFile[]> {
  const first = await probe(`${graph}_data`)
  if (!first) return [await probe(`${graph}.data`)].filter((file) => file !== null)
  const files = [first]
  for (let part = 1; part < MAX_DATA_FILES; part++) {
    const next = await probe(`${graph}_data_${part}`)
    if (!next) break
    files.push(next)
  }
  return files
}

/** What a server says of a file; null where it has none. */
function fileOf(path: string, response: Response): HubFile | null {
  const { headers } = response
  if (!response.ok || (headers.get('content-type') ?? '').includes('text/html')) return null
  const linked = /^"?([0-9a-f]{64})"?$/.exec(headers.get('x-linked-etag') ?? '')?.[1]
  const length = headers.get('x-linked-size') ?? (TEXT.test(path) || headers.has('content-encoding') ? null : headers.get('content-length'))
  return {
    path,
    size: length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null,
    sha256: linked ?? null,
    version: headers.get('etag') ?? headers.get('last-modified'),
  }
}

/** Applies `step` to all items, a few at a time; the results that are not null, in order. */
async function inTurns<Item, Result>(items: readonly Item[], step: (item: Item) => Promise<Result | null>): Promise<readonly Result[]> {
  const results: (Result | null)[] = items.map(() => null)
  const rest = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of rest) results[index] = await step(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results.filter((result) => result !== null)
}
