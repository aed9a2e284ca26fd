// A model's chat template: what stands before and after a reader's message when the model is asked to reply to it.

import { Template } from '@huggingface/jinja'
import * as v from 'valibot'
import { EngineError } from '../error.ts'

/** The text around a message. */
export interface ChatFrame {
  readonly before: string
  readonly after: string
}

const namedTemplates = v.array(v.object({ name: v.string(), template: v.string() }))
const tokenText = v.nullish(v.union([v.string(), v.object({ content: v.string() })]))
const schema = v.looseObject({
  chat_template: v.nullish(v.union([v.string(), namedTemplates])),
  bos_token: tokenText,
  eos_token: tokenText,
  unk_token: tokenText,
  pad_token: tokenText,
})

/** Whether the configuration has a template; `chatFrameOf` then finds whether it can be used. */
export function hasChatTemplate(tokenizerConfig: object): boolean {
  const parsed = v.safeParse(schema, tokenizerConfig)
  return parsed.success && textOf(parsed.output.chat_template) !== null
}

/** No template writes these, and none strips them as white space. */
const MESSAGE = '\uE000message\uE001'

/**
 * The frame that a template puts around one message of a user, with the start of the reply.
 * @param file content of chat_template.jinja, which newer models have instead of an entry in tokenizer_config.json; null for none
 * @returns null where the model has no template
 * @throws EngineError `bad-chat-template`
 */
export function chatFrameOf(tokenizerConfig: object, file: string | null): ChatFrame | null {
  const parsed = v.safeParse(schema, tokenizerConfig)
  const config = parsed.success ? parsed.output : {}
  const source = file ?? textOf(config.chat_template)
  if (source === null) return null
  let rendered: string
  try {
    rendered = new Template(source).render({
      messages: [{ role: 'user', content: MESSAGE }],
      add_generation_prompt: true,
      bos_token: contentOf(config.bos_token),
      eos_token: contentOf(config.eos_token),
      unk_token: contentOf(config.unk_token),
      pad_token: contentOf(config.pad_token),
    })
  } catch (error) {
    throw new EngineError(
      'bad-chat-template',
      `The chat template cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const parts = rendered.split(MESSAGE)
  const [before, after] = parts
  if (parts.length !== 2 || before === undefined || after === undefined) {
    throw new EngineError('bad-chat-template', 'The chat template does not hold the message once.')
  }
  return { before, after }
}

type Templates = string | v.InferOutput<typeof namedTemplates> | null | undefined

/** Of several templates the one called default. */
function textOf(templates: Templates): string | null {
  if (typeof templates === 'string') return templates
  return (templates?.find(({ name }) => name === 'default') ?? templates?.[0])?.template ?? null
}

function contentOf(token: v.InferOutput<typeof tokenText>): string {
  return typeof token === 'string' ? token : (token?.content ?? '')
}
