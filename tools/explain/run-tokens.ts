// The tokens of a text, as a model's tokenizer cuts it: needs no graph.

import { EngineError } from '#engine/error'
import { createTokenizer } from '#engine/text/tokenizer'
import { type ModelPlace, type ReadFile, readJson } from './model-place.ts'

export interface TokensAnswer {
  readonly text: string
  readonly tokens: readonly {
    readonly id: number
    /** The vocabulary's spelling. */
    readonly piece: string
    /** Half-open range of UTF-16 units of the text. */
    readonly start: number
    readonly end: number
    /** Whether the model's template added it. */
    readonly special: boolean
  }[]
}

/** No text of a command is cut: a tokenizer has no length of its own. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER

/** Tokens of texts. @throws EngineError `file-missing`, `bad-config` */
export async function openTokens(place: Pick<ModelPlace, 'name'>, read: ReadFile, graph: string): Promise<(text: string) => TokensAnswer> {
  const file = readJson(read, graph, 'tokenizer.json')
  if (file === null) throw new EngineError('file-missing', `${place.name} has no tokenizer.json.`, { path: 'tokenizer.json' })
  const tokenizer = await createTokenizer(file, readJson(read, graph, 'tokenizer_config.json') ?? {}, NO_LIMIT)
  return (text) => ({
    text,
    tokens: tokenizer
      .encode(text)
      .tokens.map(({ id, piece, start, end, source }) => ({ id, piece, start, end, special: source === 'template' })),
  })
}

export function describeTokens({ tokens }: TokensAnswer): string {
  return tokens
    .map(({ id, piece, start, end, special }) => `${String(id).padStart(8)}  ${piece}  ${special ? '(special)' : `${start}-${end}`}`)
    .join('\n')
}
