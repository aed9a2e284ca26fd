// A model's chat template: the text that the model reads when a reader's message is put to it.

import { Template } from '@huggingface/jinja'
import * as v from 'valibot'
import { matchStrings } from '#text/match-strings'
import { type SourcedText, unchanged } from '#text/sourced-text'
import { EngineError } from '../error.ts'

export interface ChatMessage {
  readonly role: string
  readonly content: string
}

/** The text of a dialogue, with the start of a reply. @throws EngineError `bad-chat-template` */
export type ChatTemplate = (messages: readonly ChatMessage[]) => string

/** A message of a user in its template. */
export interface ChatText {
  readonly whole: string
  /** Where the message stands in it. */
  readonly start: number
  readonly end: number
  /** What stands there, by its place in the message: templates trim it, or write it as JSON. */
  readonly message: SourcedText
}

const namedTemplates = v.array(v.object({ name: v.string(), template: v.string() }))
const tokenText = v.fallback(v.nullish(v.union([v.string(), v.object({ content: v.string() })])), undefined)
/** Tokens that templates may name. */
const TOKENS = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const
const schema = v.looseObject({
  chat_template: v.fallback(v.nullish(v.union([v.string(), namedTemplates])), undefined),
  ...v.entriesFromList(TOKENS, tokenText),
})

/** Whether the configuration has a template; `chatTextOf` then finds whether it can be used. */
export function hasChatTemplate(tokenizerConfig: object): boolean {
  const parsed = v.safeParse(schema, tokenizerConfig)
  return parsed.success && sourceOf(parsed.output.chat_template) !== null
}

/**
 * The template, with the variables that `apply_chat_template` of transformers gives it.
 * @param file content of chat_template.jinja, which newer models have instead of an entry in tokenizer_config.json; null for none
 * @returns null where the model has no template
 * @throws EngineError `bad-chat-template`
 */
export function chatTemplateOf(tokenizerConfig: object, file: string | null): ChatTemplate | null {
  const parsed = v.safeParse(schema, tokenizerConfig)
  const config = parsed.success ? parsed.output : null
  const source = file ?? sourceOf(config?.chat_template)
  if (source === null) return null
  const tokens = TOKENS.flatMap((name) => {
    const token = config?.[name]
    const text = typeof token === 'string' ? token : token?.content
    return text === undefined ? [] : [[name, text] as const]
  })
  const variables = { ...STRIPS, ...Object.fromEntries(tokens), tools: null, documents: null, add_generation_prompt: true }
  const template = usable(() => exactTemplate(source))
  return (messages) => usable(() => template.render({ ...variables, messages: messages.map((message) => ({ ...message })) }))
}

/** No template writes these, and none strips them as white space. */
const PLACEHOLDER = '\uE000message\uE001'

/** @throws EngineError `bad-chat-template`, also where the message does not stand in the text once */
export function chatTextOf(template: ChatTemplate, message: string): ChatText {
  const { before, after } = frameOf(template)
  const whole = template([{ role: 'user', content: message }])
  const isFramed = whole.startsWith(before) && whole.endsWith(after) && whole.length >= before.length + after.length
  const [start, end] = isFramed ? [before.length, whole.length - after.length] : soleRange(whole, message.trim())
  return { whole, start, end, message: placed(message, whole.slice(start, end)) }
}

interface Frame {
  readonly before: string
  readonly after: string
}

/** The same for every message: rendering a template takes as long as a key takes to come back up. */
const frames = new WeakMap<ChatTemplate, Frame>()

function frameOf(template: ChatTemplate): Frame {
  const known = frames.get(template)
  if (known !== undefined) return known
  const parts = template([{ role: 'user', content: PLACEHOLDER }]).split(PLACEHOLDER)
  const [before, after] = parts
  if (parts.length !== 2 || before === undefined || after === undefined) throw misplaced()
  frames.set(template, { before, after })
  return { before, after }
}

/** Where a text stands in another, once. */
function soleRange(whole: string, message: string): readonly [number, number] {
  const at = whole.indexOf(message)
  if (message === '' || at < 0 || at !== whole.lastIndexOf(message)) throw misplaced()
  return [at, at + message.length]
}

/** What a template made of a message: mostly a part of it. */
function placed(message: string, made: string): SourcedText {
  const at = message.indexOf(made)
  return at >= 0 ? unchanged(made, at) : matchStrings(message, made)
}

/** `text.strip(characters)` as in Python; the library strips white space whatever the characters are. */
const STRIPS = {
  __strip: (text: string, characters: string): string => STRIPS.__lstrip(STRIPS.__rstrip(text, characters), characters),
  __lstrip: (text: string, characters: string): string => text.slice(stripped(Array.from(text), characters)),
  __rstrip: (text: string, characters: string): string => text.slice(0, text.length - stripped(Array.from(text).reverse(), characters)),
}

/** UTF-16 units of the first characters that are among some. */
function stripped(text: readonly string[], characters: string): number {
  const kept = text.findIndex((one) => !Array.from(characters).includes(one))
  return (kept < 0 ? text : text.slice(0, kept)).join('').length
}

/** A template without what the library does otherwise than Jinja. @throws Error that names it */
function exactTemplate(source: string): Template {
  const template = new Template(source)
  mend(template.parsed)
  return template
}

const strip = v.looseObject({
  type: v.literal('CallExpression'),
  callee: v.object({
    type: v.literal('MemberExpression'),
    object: v.unknown(),
    property: v.object({ value: v.picklist(['strip', 'lstrip', 'rstrip']) }),
  }),
  args: v.pipe(v.array(v.unknown()), v.length(1)),
})

/** Walks a parsed template: calls of `strip` with characters become ours, `break` is refused, since what stands before it is lost. */
function mend(node: unknown): void {
  if (typeof node !== 'object' || node === null) return
  if ('type' in node && node.type === 'Break') throw new Error('its loops end by break')
  const call = v.safeParse(strip, node)
  if (call.success) {
    const { callee, args } = call.output
    Object.assign(node, { callee: { type: 'Identifier', value: `__${callee.property.value}` }, args: [callee.object, ...args] })
  }
  for (const child of Object.values(node)) mend(child)
}

function usable<Result>(use: () => Result): Result {
  try {
    return use()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EngineError('bad-chat-template', `The chat template cannot be used: ${reason}`)
  }
}

function misplaced(): EngineError {
  return new EngineError('bad-chat-template', 'The chat template does not hold the message once.')
}

type Templates = string | v.InferOutput<typeof namedTemplates> | null | undefined

/** Of several templates the one called default. */
function sourceOf(templates: Templates): string | null {
  if (typeof templates === 'string') return templates
  return (templates?.find(({ name }) => name === 'default') ?? templates?.[0])?.template ?? null
}
