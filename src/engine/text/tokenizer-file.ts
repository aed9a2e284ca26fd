// What a tokenizer.json says beside the cutting of texts: its vocabulary, and the tokens that its template adds.

import * as v from 'valibot'
import type { Piece } from '#text/piece'
import { EngineError } from '../error.ts'

/** A token that the template puts before or after a text. */
export interface TemplateToken extends Piece {
  /** What the model gets as the token's type. */
  readonly type: number
}

export interface Template {
  readonly before: readonly TemplateToken[]
  readonly after: readonly TemplateToken[]
  /** The type of the text's own tokens. */
  readonly type: number
}

const NO_TEMPLATE: Template = { before: [], after: [], type: 0 }

const index = v.pipe(v.number(), v.integer(), v.minValue(0))
const vocabularySchema = v.object({
  model: v.object({ vocab: v.unknown() }),
  added_tokens: v.nullish(v.array(v.object({ content: v.string() })), []),
})

export interface Vocabulary {
  /** By spelling, added tokens included. */
  readonly ids: ReadonlyMap<string, number>
  /** Ids of the added tokens. */
  readonly added: ReadonlySet<number>
  /** One more than the largest id. */
  readonly size: number
}

/** Ids by spelling: a record of them, or a list of spellings with scores. By hand: a schema takes ten times as long for 30,000 entries. */
function idsIn(vocab: unknown): Map<string, number> {
  const ids = new Map<string, number>()
  if (vocab === undefined) return ids
  if (typeof vocab !== 'object' || vocab === null) throw unreadable('model.vocab')
  if (Array.isArray(vocab)) {
    vocab.forEach((entry: unknown, id) => {
      if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'number') throw unreadable(`model.vocab.${id}`)
      ids.set(entry[0], id)
    })
    return ids
  }
  for (const [piece, id] of Object.entries(vocab)) {
    if (typeof id !== 'number') throw unreadable(`model.vocab.${piece}`)
    ids.set(piece, id)
  }
  return ids
}

/**
 * @param pieceOf the library's spelling of an id: added tokens that the model's own vocabulary lacks have the ids that follow it there,
 *   whatever the file says of them
 * @throws EngineError `bad-config`
 */
export function vocabularyOf(tokenizerJson: object, pieceOf: (id: number) => string | null): Vocabulary {
  const parsed = v.safeParse(vocabularySchema, tokenizerJson)
  if (!parsed.success) throw unreadable(v.getDotPath(parsed.issues[0]) ?? 'model')
  const { model, added_tokens: tokens } = parsed.output
  const ids = idsIn(model.vocab)
  let size = 0
  for (const id of ids.values()) size = Math.max(size, id + 1)
  const contents = new Set((tokens ?? []).map(({ content }) => content))
  const added = new Set<number>()
  for (const content of contents) {
    const id = ids.get(content)
    if (id !== undefined) added.add(id)
  }
  // Beyond the model's vocabulary: its length counts entries, its largest id may lie further.
  for (let id = ids.size, end = size + contents.size; id < end; id++) {
    const piece = pieceOf(id)
    if (piece === null || !contents.has(piece) || ids.has(piece)) continue
    ids.set(piece, id)
    added.add(id)
    size = Math.max(size, id + 1)
  }
  return { ids, added, size }
}

const named = v.looseTuple([v.string(), index])
const step = v.union([
  v.object({ SpecialToken: v.object({ id: v.string(), type_id: v.optional(index, 0) }) }),
  v.object({ Sequence: v.object({ type_id: v.optional(index, 0) }) }),
])
const processorSchema = v.variant('type', [
  v.object({
    type: v.literal('TemplateProcessing'),
    single: v.union([v.string(), v.array(v.union([v.string(), step]))]),
    special_tokens: v.record(v.string(), v.object({ ids: v.array(index), tokens: v.array(v.string()) })),
  }),
  v.object({ type: v.picklist(['BertProcessing', 'RobertaProcessing']), cls: named, sep: named }),
  v.object({ type: v.literal('ByteLevel') }),
  v.object({ type: v.literal('Sequence'), processors: v.array(v.unknown()) }),
])
type Processor = v.InferOutput<typeof processorSchema>

/** The tokens around a single text. @throws EngineError `bad-config` for a post-processor that is not known */
export function templateOf(tokenizerJson: object): Template {
  const processor = 'post_processor' in tokenizerJson ? tokenizerJson.post_processor : null
  return processor === null || processor === undefined ? NO_TEMPLATE : around(processor)
}

function around(value: unknown): Template {
  const parsed = v.safeParse(processorSchema, value)
  if (!parsed.success) throw unreadable(`post_processor ${v.getDotPath(parsed.issues[0]) ?? ''}`.trim())
  const processor = parsed.output
  switch (processor.type) {
    case 'TemplateProcessing':
      return fromSteps(processor)
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const [cls, sep] = [processor.cls, processor.sep].map(([piece, id]) => ({ id, piece, type: 0 }))
      return { before: cls ? [cls] : [], after: sep ? [sep] : [], type: 0 }
    }
    case 'ByteLevel':
      return NO_TEMPLATE
    case 'Sequence':
      // Each step wraps what the one before it made.
      return processor.processors.map(around).reduce(
        (inner, outer) => ({
          before: [...outer.before, ...inner.before],
          after: [...inner.after, ...outer.after],
          type: outer === NO_TEMPLATE ? inner.type : outer.type,
        }),
        NO_TEMPLATE,
      )
  }
}

function fromSteps({ single, special_tokens: known }: Extract<Processor, { type: 'TemplateProcessing' }>): Template {
  const steps = (typeof single === 'string' ? single.split(' ').filter(Boolean) : single).map((one) =>
    typeof one === 'string' ? parseStep(one) : one,
  )
  const tokens = steps.map((one): readonly TemplateToken[] => {
    if ('Sequence' in one) return []
    const { id: name, type_id: type } = one.SpecialToken
    const special = known[name]
    if (special === undefined) throw unreadable(`post_processor.special_tokens.${name}`)
    return special.ids.map((id, at) => ({ id, piece: special.tokens[at] ?? name, type }))
  })
  const at = steps.findIndex((one) => 'Sequence' in one)
  const text = steps[at]
  if (text === undefined || !('Sequence' in text)) throw unreadable('post_processor.single')
  return { before: tokens.slice(0, at).flat(), after: tokens.slice(at + 1).flat(), type: text.Sequence.type_id }
}

/** Of `[CLS]:0` or `$A:1`, as templates are written by hand. */
function parseStep(written: string): v.InferOutput<typeof step> {
  const [, name = written, given = '0'] = /^(.*?)(?::(\d+))?$/s.exec(written) ?? []
  const type = Number(given)
  return name.startsWith('$') ? { Sequence: { type_id: type } } : { SpecialToken: { id: name, type_id: type } }
}

function unreadable(part: string): EngineError {
  return new EngineError('bad-config', `The tokenizer cannot be read: ${part}`, { file: 'tokenizer.json', reason: part })
}
