import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type ChatMessage, type ChatTemplate, chatTemplateOf, chatTextOf } from './chat-template.ts'

const smollm2: object = JSON.parse(readFileSync('public/models/smollm2-135m-instruct/tokenizer_config.json', 'utf8'))

/** What stands around a message. */
function frameOf(config: object, file: string | null, message = 'Hello') {
  const template = chatTemplateOf(config, file)
  if (template === null) return null
  const { whole, start, end } = chatTextOf(template, message)
  return { before: whole.slice(0, start), message: whole.slice(start, end), after: whole.slice(end) }
}

describe('chatTextOf', () => {
  it('is what the template puts around a message, with the start of the reply', () => {
    expect(frameOf(smollm2, null)).toEqual({
      before: '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\n',
      message: 'Hello',
      after: '<|im_end|>\n<|im_start|>assistant\n',
    })
  })

  it('renders the frame once for all messages', () => {
    let rendered = 0
    const template: ChatTemplate = (messages) => {
      rendered++
      return `<${messages[0]?.content}>`
    }
    expect(['a', 'ab', 'abc'].map((message) => chatTextOf(template, message).whole)).toEqual(['<a>', '<ab>', '<abc>'])
    expect(rendered).toBe(4)
  })

  it('takes a file of its own first, the default of several, and tokens by name', () => {
    const several = {
      bos_token: { content: '<s>' },
      chat_template: [named('tool', 'T'), named('default', '{{ bos_token }}D{{ messages[0].content }}')],
    }
    expect(frameOf(several, null)).toEqual({ before: '<s>D', message: 'Hello', after: '' })
    expect(frameOf(several, '[{{ messages[0]["content"] | trim }}]')).toEqual({ before: '[', message: 'Hello', after: ']' })
  })

  it('lets filters act on the message, and knows where its characters come from', () => {
    const trimmed = chatTemplateOf({}, '<{{ messages[0].content | trim }}>')
    const quoted = chatTemplateOf({}, '{{ messages[0].content | tojson }}!')
    if (trimmed === null || quoted === null) throw new Error('no template')
    const { whole, message } = chatTextOf(trimmed, '  a b ')
    expect([whole, message.text, Array.from(message.start)]).toEqual(['<a b>', 'a b', [2, 3, 4]])
    const json = chatTextOf(quoted, 'say "no"')
    expect(json.whole).toBe('"say \\"no\\""!')
    // Within the quoted word: JSON's backslash has no place of its own.
    const at = json.message.start[json.message.text.indexOf('no')] ?? -1
    expect([4, 5]).toContain(at)
  })

  it('finds a message that changes what stands around it', () => {
    const template = '{% if "?" in messages[0].content %}Q {% else %}S {% endif %}{{ messages[0].content }}.'
    expect(frameOf({}, template, 'why?')).toEqual({ before: 'Q ', message: 'why?', after: '.' })
  })

  it('is null for a model without one', () => {
    expect(frameOf({ bos_token: null }, null)).toBeNull()
  })

  it.each(['{% for %}', '{{ raise_exception("no") }}', 'without a message', '{{ messages[0].content }}{{ messages[0].content }}'])(
    'refuses %s',
    (template) => {
      expect(() => frameOf({}, template)).toThrow(expect.objectContaining({ kind: 'bad-chat-template' }))
    },
  )
})

describe('chatTemplateOf', () => {
  interface Expected {
    readonly tokens: object
    readonly templates: Readonly<Record<string, string>>
    readonly dialogues: Readonly<Record<string, readonly ChatMessage[]>>
    readonly rows: readonly { readonly template: string; readonly dialogue: string; readonly text?: string; readonly error?: string }[]
  }
  const { tokens, templates, dialogues, rows }: Expected = JSON.parse(readFileSync('fixtures/chat-templates/expected.json', 'utf8'))

  it('has cases', () => {
    expect(rows).toHaveLength(72)
  })

  it.each(rows.map((row) => [row.template, row.dialogue, row] as const))('writes what apply_chat_template writes: %s, %s', (_, __, row) => {
    const write = (): string | undefined => chatTemplateOf(tokens, templates[row.template] ?? null)?.(dialogues[row.dialogue] ?? [])
    // Refused, since the library loses what stands before a break.
    const isRefused = row.text === undefined || row.template === 'last-user-only'
    if (isRefused) expect(write).toThrow(expect.objectContaining({ kind: 'bad-chat-template' }))
    else expect(write()).toBe(row.text)
  })
})

function named(name: string, template: string) {
  return { name, template }
}
