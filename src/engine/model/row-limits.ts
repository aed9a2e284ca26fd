// How long a row the model takes, and at which position it starts: from its tables of positions, from what its files say, and from the
// convention of its family.

import * as v from 'valibot'
import type { Graph } from '#graph/ir/graph'
import type { PreparedInput } from '#graph/model-inputs'
import { type FedRow, findPositionTables, type PositionTable } from '#graph/recognise/position-tables'
import { buildFeeds, type InputConvention } from '../passes/feeds.ts'
import { conventionOf, countIn, type ModelConfig, parseFile } from './config.ts'

export interface RowLimits {
  /** Tokens that the model can take, where its tables or its files say so. */
  readonly statedTokens: number | null
  readonly convention: InputConvention
}

/** Families whose positions start behind the padding's: fairseq's, and what was made of them. */
const PADDED_POSITIONS: ReadonlySet<string> = new Set([
  ...['roberta', 'roberta-prelayernorm', 'xlm-roberta', 'xlm-roberta-xl', 'xmod', 'camembert', 'mpnet', 'longformer', 'luke', 'esm'],
  ...['data2vec-text', 'ibert', 'layoutlmv3', 'lilt', 'markuplm', 'nystromformer', 'yoso', 'mra'],
])
/** The padding token of those families where no file names another. */
const USUAL_PADDING = 1
/** Tokenizers that know no length name an astronomic one. */
const NO_LENGTH = 1e9

const tokenizerConfigSchema = v.object({ model_max_length: v.optional(v.unknown()), max_len: v.optional(v.unknown()) })

/**
 * @param vocabulary rows of the word-embedding table; null where it was not recognised
 * @throws EngineError `bad-config`, `unknown-input`, `config-field`
 */
export function rowLimits(
  graph: Graph,
  inputs: readonly PreparedInput[],
  vocabulary: number | null,
  config: ModelConfig,
  tokenizerConfig: unknown,
): RowLimits {
  const named = lengthIn(tokenizerConfig)
  const fromZero = conventionOf(config)
  const behindPadding = (config.pad_token_id ?? USUAL_PADDING) + 1
  const tablesFrom = (positionStart: number): readonly PositionTable[] =>
    findPositionTables(graph, fedRows(inputs, ordinaryToken(vocabulary, config.pad_token_id), { ...fromZero, positionStart }))
  const tables = tablesFrom(0)
  const isFamily = PADDED_POSITIONS.has(config.model_type)
  const takesPositions = inputs.some(({ name }) => /^position_ids(?::0)?$/.test(name))
  // A graph that moves positions by itself is fed them from 0.
  const isOpen = takesPositions && tables.every(({ offset }) => offset === 0)
  const rows = tables.length > 0 ? Math.min(...tables.map((table) => table.rows)) : config.max_position_embeddings
  const isLonger = rows !== null && named !== null && rows - named === behindPadding
  const positionStart = isOpen && (isFamily || isLonger) ? behindPadding : 0
  const placed = positionStart === 0 ? tables : tablesFrom(positionStart)
  const own = placed.map((table) => table.rows - table.offset)
  const stated = config.max_position_embeddings
  const unchecked = stated !== null && placed.length === 0 && (isFamily || positionStart > 0) ? Math.max(1, stated - behindPadding) : stated
  const lengths = [...own, unchecked, named].filter((length) => length !== null)
  return {
    statedTokens: lengths.length === 0 ? null : Math.min(...lengths),
    convention: positionStart === 0 ? fromZero : { ...fromZero, positionStart },
  }
}

/** What tokenizer_config.json says; null for a length that means none. */
function lengthIn(tokenizerConfig: unknown): number | null {
  const { model_max_length, max_len } = parseFile(tokenizerConfigSchema, tokenizerConfig, 'tokenizer_config.json')
  const length = countIn(model_max_length) ?? countIn(max_len)
  return length !== null && length < NO_LENGTH ? length : null
}

/** An id that stands for no padding, since graphs count positions without it. */
function ordinaryToken(vocabulary: number | null, padding: number | null): number {
  const middle = Math.floor((vocabulary ?? 0) / 2)
  return middle === padding ? middle + 1 : middle
}

function fedRows(inputs: readonly PreparedInput[], id: number, convention: InputConvention): FedRow {
  return (tokens) => {
    const feeds = buildFeeds(inputs, { ids: new Array<number>(tokens).fill(id) }, convention)
    return new Map(Object.entries(feeds).map(([name, { dims, data }]) => [name, { dims, numbers: Array.from(data, Number) }]))
  }
}
