import { readFileSync } from 'node:fs'
import { Tokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Token, TokenRow } from '#text/token'
import { EngineError } from '../error.ts'
import { createRustTokenizer, type RustTokenizer } from './rust-tokenizer.ts'
import { createTokenizer, type ModelTokenizer } from './tokenizer.ts'

const root = new URL('../../../', import.meta.url)
const json = (path: string): object => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

interface Pair {
  readonly ours: ModelTokenizer
  /** As Rust reads the same files. */
  readonly rust: RustTokenizer
  readonly normalise: (text: string) => string
}

async function open(folder: string, change: (tokenizer: Record<string, unknown>) => void = () => {}, maxTokens = 512): Promise<Pair> {
  const tokenizer = json(`${folder}/tokenizer.json`) as Record<string, unknown>
  change(tokenizer)
  const config = json(`${folder}/tokenizer_config.json`)
  const { normalizer } = new Tokenizer(structuredClone(tokenizer), config)
  return {
    ours: await createTokenizer(tokenizer, config, maxTokens),
    rust: await createRustTokenizer(tokenizer),
    normalise: (text) => normalizer?.normalize(text) ?? text,
  }
}

const minilm = await open('public/models/minilm-sst2')
const bert = await open('fixtures/tokenizers/bert')
/** The small byte-level vocabulary lacks most bytes; with all of them nothing is dropped. */
const bytes = await open('fixtures/tokenizers/gpt2', (tokenizer) => {
  const model = tokenizer.model as { vocab: Record<string, number>; merges: unknown[] }
  for (const { piece } of byteAlphabet()) model.vocab[piece] ??= 1000 + Object.keys(model.vocab).length
})
/** A SentencePiece-like vocabulary that falls back to bytes. */
const fallback = await open('fixtures/tokenizers/llama', (tokenizer) => {
  const model = tokenizer.model as { vocab: Record<string, number>; byte_fallback: boolean }
  model.byte_fallback = true
  for (let byte = 0; byte < 256; byte++) model.vocab[`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`] = 2000 + byte
})
/** XLNet's habit of collapsing spaces, added tokens that are normalised, and one that takes the space before it. */
const habits = await open('fixtures/tokenizers/roberta', (tokenizer) => {
  const added = tokenizer.added_tokens as Record<string, unknown>[]
  added.push({ id: 900, content: '<fill>', special: true, normalized: false, lstrip: true, rstrip: true, single_word: false })
  added.push({ id: 901, content: 'CAFÉ', special: false, normalized: true, lstrip: false, rstrip: false, single_word: false })
  tokenizer.normalizer = { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] }
})
const cut = await open('public/models/minilm-sst2', undefined, 8)
const smollm2 = (await open('public/models/smollm2-135m-instruct')).ours
const all: Readonly<Record<string, Pair>> = {
  minilm,
  bert,
  albert: await open('fixtures/tokenizers/albert'),
  gpt2: await open('fixtures/tokenizers/gpt2'),
  llama: await open('fixtures/tokenizers/llama'),
  roberta: await open('fixtures/tokenizers/roberta'),
  bytes,
  fallback,
  habits,
}

function byteAlphabet(): readonly { readonly piece: string }[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    return { piece: String.fromCharCode(printable ? byte : next++) }
  })
}

const textTokens = (row: TokenRow): readonly Token[] => row.tokens.filter((token) => token.source === 'text')

/** Tokens as 'piece|typed characters|word'. */
function show({ ours }: Pair, text: string): readonly string[] {
  return textTokens(ours.encode(text)).map(({ piece, start, end, word }) => `${piece}|${text.slice(start, end)}|${word}`)
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        'the',
        'film',
        'Unbelievable',
        ' ',
        '  ',
        '\t',
        '\n',
        "don't",
        '.',
        '...',
        'é',
        'e\u0301',
        'Ñ',
        '👩‍💻',
        '🇫🇷',
        '☕',
        '我喜欢',
        '한국',
        'क्षि',
        '\u0000',
        '\u200d',
        '\u00ad',
        '\ufeff',
        '\u00a0',
        '\u3000',
        '\ud83d',
        '\udc00',
        'ΟΔΟΣ',
        'Σ',
        'İ',
        'ß',
        'ﬁ',
        '½',
        '…',
        '≠',
        'ａ',
        '①',
        '2024',
        '[MASK]',
        '[SEP]',
        '[CLS]',
        '<mask>',
        '<s>',
        '<unk>',
        '<fill>',
        '[UNK]',
        'café',
        'CAFÉ',
        '##ing',
        '▁',
        'Ġ',
        '<0x41>',
        'x'.repeat(120),
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)

describe.each(Object.entries(all))('tokenizer %s', (_, { ours, rust }) => {
  it('has the ids and pieces of the library', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const row = ours.encode(text)
        const typed = textTokens(row)
        expect(typed.map((token) => token.id)).toEqual(rust.encode(text))
        expect(typed.map((token) => token.piece)).toEqual(typed.map(({ id }) => rust.pieceOf(id)))
        expect(row).toMatchObject({ cutAt: null, wantedLength: row.tokens.length })
      }),
      { numRuns: 100 },
    )
  })

  it('has spans inside the text that go forward and meet only inside one character', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let last = { start: 0, end: 0, word: -1 }
        for (const { start, end, word } of textTokens(ours.encode(text))) {
          expect(start).toBeGreaterThanOrEqual(last.start)
          expect(end).toBeGreaterThanOrEqual(last.end)
          expect(end).toBeLessThanOrEqual(text.length)
          expect(end).toBeGreaterThanOrEqual(start)
          if (start < last.end) expect([...new Intl.Segmenter().segment(text.slice(start, last.end))]).toHaveLength(1)
          expect([last.word, last.word + 1]).toContain(word)
          last = { start, end, word }
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('spans of MiniLM', () => {
  it('agrees with the reference on ids and tokens', () => {
    const { items } = json('fixtures/minilm-reference.json') as { items: { text: string; ids: number[]; tokens: string[] }[] }
    expect(items).toHaveLength(4)
    for (const { text, ids, tokens } of items) {
      const row = minilm.ours.encode(text)
      expect(row.tokens.map((token) => token.id)).toEqual(ids)
      expect(row.tokens.map((token) => token.piece)).toEqual(tokens)
    }
  })

  it.each([
    ['cafe\u0301 naïve', ['cafe|cafe\u0301|0', 'naive|naïve|1']],
    ['unbelievably  so', ['un|un|0', '##bel|bel|0', '##ie|ie|0', '##va|va|0', '##bly|bly|0', 'so|so|1']],
    ['👩‍💻 ☕x', ['[UNK]|👩‍💻|0', '[UNK]|☕x|1']],
    ['我喜', ['我|我|0', '[UNK]|喜|1']],
    ['\tone\n\ntwo ', ['one|one|0', 'two|two|1']],
    ['a\u0000b', ['ab|a\u0000b|0']],
    ['the [MASK].', ['the|the|0', '[MASK]|[MASK]|1', '.|.|2']],
    ['a[SEP]b', ['a|a|0', '[SEP]|[SEP]|1', 'b|b|2']],
    ["don't", ['don|don|0', "'|'|1", 't|t|2']],
    ['a≠b', ['a|a|0', '=|≠|1', 'b|b|2']],
    ['ΟΔΟΣ x', ['ο|Ο|0', '##δ|Δ|0', '##ο|Ο|0', '##σ|Σ|0', 'x|x|1']],
    ['\ud83d ok', ['ok|ok|0']],
    [' ▁', ['[UNK]|▁|0']],
  ])('%j', (text, tokens) => {
    expect(show(minilm, text)).toEqual(tokens)
  })

  it('labels with what was typed, template tokens with their name', () => {
    expect(minilm.ours.encode('Café 👩‍💻').tokens).toEqual([
      { id: 101, piece: '[CLS]', label: '[CLS]', start: 0, end: 0, word: -1, source: 'template' },
      { id: 7668, piece: 'cafe', label: 'Café', start: 0, end: 4, word: 0, source: 'text' },
      { id: 100, piece: '[UNK]', label: '👩‍💻', start: 5, end: 10, word: 1, source: 'text' },
      { id: 102, piece: '[SEP]', label: '[SEP]', start: 10, end: 10, word: -1, source: 'template' },
    ])
    expect(minilm.ours.encode('').tokens.map((token) => token.piece)).toEqual(['[CLS]', '[SEP]'])
  })

  it('covers every character that survives normalisation by the spans of exactly one word', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = textTokens(minilm.ours.encode(text))
        let at = 0
        for (const point of text) {
          const survives = minilm.normalise(point).trim() !== ''
          const words = new Set(tokens.filter(({ start, end }) => start <= at && at < end).map(({ word }) => word))
          if (survives) expect(words.size).toBe(1)
          at += point.length
        }
      }),
      { numRuns: 200 },
    )
  })

  it('slices to the piece it made', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = textTokens(minilm.ours.encode(text))
        tokens.forEach(({ piece, start, end, word }, index) => {
          const split = tokens.some((other, k) => k !== index && other.start < end && start < other.end)
          if (piece === '[UNK]' || split) return
          const continues = tokens[index - 1]?.word === word
          const made = minilm.normalise(text.slice(start, end)).trim().replaceAll('ς', 'σ')
          if (/^\[(?:PAD|UNK|CLS|SEP|MASK)\]$/.test(piece) && text.slice(start, end) === piece) expect(text.slice(start, end)).toBe(piece)
          else expect(made).toBe((continues ? piece.replace(/^##/, '') : piece).replaceAll('ς', 'σ'))
        })
      }),
      { numRuns: 200 },
    )
  })
})

describe('spans of other vocabularies', () => {
  it('byte level: bytes share their character, a space is not part of the word', () => {
    expect(show(bytes, 'a é is')).toEqual(['a|a|0', 'Ġ| |1', 'Ã|é|2', '©|é|2', 'Ġis|is|3'])
    const tokens = textTokens(bytes.ours.encode('x 👩‍💻!'))
    expect(new Set(tokens.map(({ start, end }) => 'x 👩‍💻!'.slice(start, end)))).toEqual(new Set(['x', ' ', '👩', '\u200d', '💻', '!']))
  })

  it('byte level: shows pieces of white space by their spelling', () => {
    const [token] = bytes.ours.encode('\n').tokens
    expect(token).toMatchObject({ piece: 'Ċ', label: 'Ċ', start: 0, end: 1 })
  })

  it('SentencePiece: an invented first space is empty, spaces are not part of words', () => {
    expect(show(all.albert ?? minilm, 'The film')).toEqual(['▁the|The|0', '▁fi|fi|1', 'l|l|1', 'm|m|1'])
    expect(show(all.llama ?? minilm, 'is  it').map((token) => token.split('|')[1])).toEqual(['is', ' ', ' ', 'it'])
  })

  it('bytes that stand for a character share it', () => {
    expect(
      show(fallback, 'é😀')
        .filter((token) => token.startsWith('<0x'))
        .map((token) => token.split('|')[1]),
    ).toEqual(['é', 'é', '😀', '😀', '😀', '😀'])
  })

  it('added tokens that take spaces, and normalised ones', () => {
    const text = 'is  <fill>  it CaFé.'
    const spans = textTokens(habits.ours.encode(text)).map(({ piece, start, end }) => `${piece}|${text.slice(start, end)}`)
    expect(spans).toContain('<fill>|<fill>')
    expect(spans).toContain('CAFÉ|CaFé')
  })
})

describe('what a file says of the length of rows', () => {
  it.each([
    ['cuts nothing', { truncation: { direction: 'Right', max_length: 4, strategy: 'LongestFirst', stride: 0 } }],
    [
      'fills nothing up',
      { padding: { strategy: { Fixed: 64 }, direction: 'Right', pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: '[PAD]' } },
    ],
  ])('%s: the model says how long they are', async (_title, settings) => {
    const { ours } = await open('public/models/minilm-sst2', (tokenizer) => Object.assign(tokenizer, settings))
    const text = 'a few words that are more than four tokens'
    expect(ours.encode(text).tokens).toEqual(minilm.ours.encode(text).tokens)
  })
})

describe('long texts', () => {
  it('keeps the ending of the template and says where text was dropped', () => {
    const text = 'one two three four five six seven eight nine'
    const row = cut.ours.encode(text)
    expect(row.tokens.map((token) => token.piece)).toEqual(['[CLS]', 'one', 'two', 'three', 'four', 'five', 'six', '[SEP]'])
    expect(row.cutAt).toBe(text.indexOf('seven'))
    expect(row.wantedLength).toBe(11)
    expect(row.tokens.at(-1)).toMatchObject({ start: row.cutAt, source: 'template' })
    expect(cut.ours.encode('one two three four five six')).toMatchObject({ cutAt: null, wantedLength: 8 })
  })

  it('does not stop reading inside a character', () => {
    expect(cut.ours.encode(`a${'😀'.repeat(100)}`).cutAt).toBe(127)
  })

  it('has ids of the library up to the cut', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('the', 'film', 'unbelievably', '👩‍💻', 'é', '我'), { maxLength: 40 }), (words) => {
        const wanted = [101, ...cut.rust.encode(words.join(' ')).slice(0, 6), 102]
        expect(cut.ours.encode(words.join(' ')).tokens.map((token) => token.id)).toEqual(wanted)
      }),
    )
  })

  it.each([
    ['prose', 'The film is not bad at all. '.repeat(36_000)],
    ['one word', 'a'.repeat(1_000_000)],
    ['spaces', ' '.repeat(1_000_000)],
    ['lone surrogates', '\ud83d'.repeat(1_000_000)],
    ['stacked accents', `e${'\u0301'.repeat(1_000_000)}`],
    ['emoji', '👩‍💻'.repeat(200_000)],
  ])('reads a megabyte of %s, and cuts it', (_, text) => {
    for (const pair of [minilm, bytes]) {
      const row = pair.ours.encode(text)
      expect(row.cutAt).not.toBeNull()
      expect(row.wantedLength).toBeGreaterThan(row.tokens.length)
      expect(row.tokens.length).toBeLessThanOrEqual(512)
    }
  })
})

describe('words and masks', () => {
  it('encodes a word as it stands inside a sentence', () => {
    expect(minilm.ours.encodeWord('unbelievably').map((piece) => piece.piece)).toEqual(['un', '##bel', '##ie', '##va', '##bly'])
    expect(minilm.ours.encodeWord(' Good ')).toEqual([{ id: 2204, piece: 'good' }])
    expect(bytes.ours.encodeWord('is').at(0)?.piece).toBe('Ġis')
    expect(minilm.ours.encodeWord('  ')).toEqual([])
    expect(bytes.ours.encodeWord('')).toEqual([])
  })

  it.each(['gemma', 'gpt2', 'llama1', 'spm-unigram-nmt', 'bert-uncased'])(
    'encodes a word in its place with the tokens of the text: %s',
    async (name) => {
      const folder = `fixtures/tokenizer-cases/${name}`
      const ours = await createTokenizer(json(`${folder}/tokenizer.json`), json(`${folder}/tokenizer_config.json`), 512)
      for (const word of ['of', 'film', 'not', 'unbelievable']) {
        const typed = (text: string, from: number) =>
          textTokens(ours.encode(text))
            .filter(({ end }) => end > from)
            .map(({ id, piece }) => ({ id, piece }))
        expect(ours.encodeWord(word)).toEqual(typed(`The ${word}`, 3))
        expect(ours.encodeWord(word, 'start')).toEqual(textTokens(ours.encode(word)).map(({ id, piece }) => ({ id, piece })))
        expect(ours.encodeWord(word, 'attached')).toEqual(typed(`The (${word}`, 5))
      }
    },
  )

  it('knows the mask token, or that there is none', () => {
    expect(minilm.ours.mask).toEqual({ id: 103, piece: '[MASK]' })
    expect(all.roberta?.ours.mask?.piece).toBe('<mask>')
    expect(bytes.ours.mask).toBeNull()
  })

  it('names a tokenizer that cannot be read', async () => {
    const changed = (part: object): object => ({ ...json('fixtures/tokenizers/bert/tokenizer.json'), ...part })
    await expect(createTokenizer({}, {}, 512)).rejects.toThrow(EngineError)
    await expect(createTokenizer(changed({ normalizer: { type: 'Unheard' } }), {}, 512)).rejects.toThrow(/cannot be read/)
    await expect(createTokenizer(changed({ post_processor: { type: 'Unheard' } }), {}, 512)).rejects.toThrow(EngineError)
  })
})

describe('a chat template', () => {
  const chat = smollm2.encodeChat('Who are you?')
  const own = chat.tokens.filter(({ source }) => source === 'template')

  it('stands around the message with tokens of the model’s own', () => {
    const frame = smollm2.encode(
      '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n',
    )
    expect(chat.tokens.map(({ id }) => id)).toEqual(frame.tokens.map(({ id }) => id))
    expect(chat.tokens.filter(({ source }) => source === 'text').map(({ label, start, end }) => [label, start, end])).toEqual([
      ['Who', 0, 3],
      ['are', 4, 7],
      ['you', 8, 11],
      ['?', 11, 12],
    ])
    expect(own.length + 4).toBe(chat.tokens.length)
    expect(chat.wantedLength).toBe(chat.tokens.length)
  })

  it('is kept whole when the message is cut', async () => {
    const { ours } = await open('public/models/smollm2-135m-instruct', () => {}, own.length + 2)
    const cut = ours.encodeChat('Who are you?')
    expect([cut.tokens.length, cut.cutAt]).toEqual([own.length + 2, 8])
    expect(cut.tokens.filter(({ source }) => source === 'template').map(({ id }) => id)).toEqual(own.map(({ id }) => id))
  })

  it('is not to be had of a model without one', () => {
    expect([smollm2.hasChat, bert.ours.hasChat]).toEqual([true, false])
    expect(() => bert.ours.encodeChat('a')).toThrow(expect.objectContaining({ kind: 'no-chat-template' }))
  })
})

describe('labels of the vocabulary', () => {
  it('show the space of a word and the characters behind bytes', () => {
    expect([7042, 0].map((id) => smollm2.labelOf(id))).toEqual([' Paris', '<|endoftext|>'])
    expect(minilm.ours.labelOf(101)).toBe('[CLS]')
    expect(minilm.ours.labelOf(10 ** 7)).toBeNull()
    expect(smollm2.size).toBe(49152)
  })
})
