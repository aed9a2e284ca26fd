import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chatFrameOf } from './chat-template.ts'

const smollm2: object = JSON.parse(readFileSync('public/models/smollm2-135m-instruct/tokenizer_config.json', 'utf8'))

describe('chatFrameOf', () => {
  it('is what the template puts around a message, with the start of the reply', () => {
    expect(chatFrameOf(smollm2, null)).toEqual({
      before: '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\n',
      after: '<|im_end|>\n<|im_start|>assistant\n',
    })
  })

  it('takes a file of its own first, the default of several, and tokens by name', () => {
    const several = {
      bos_token: { content: '<s>' },
      chat_template: [named('tool', 'T'), named('default', '{{ bos_token }}D{{ messages[0].content }}')],
    }
    expect(chatFrameOf(several, null)).toEqual({ before: '<s>D', after: '' })
    expect(chatFrameOf(several, '[{{ messages[0]["content"] | trim }}]')).toEqual({ before: '[', after: ']' })
  })

  it('is null for a model without one', () => {
    expect(chatFrameOf({ bos_token: null }, null)).toBeNull()
  })

  it.each(['{% for %}', '{{ raise_exception("no") }}', 'without a message', '{{ messages[0].content }}{{ messages[0].content }}'])(
    'refuses %s',
    (template) => {
      expect(() => chatFrameOf({}, template)).toThrow(expect.objectContaining({ kind: 'bad-chat-template' }))
    },
  )
})

function named(name: string, template: string) {
  return { name, template }
}
