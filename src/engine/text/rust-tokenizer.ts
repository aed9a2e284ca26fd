// Exact ids: Hugging Face's Rust tokenizers, compiled to WebAssembly. Loaded with the first model.

import { EngineError } from '../error.ts'

/** What a tokenizer.json says, as the Rust library reads it. */
export interface RustTokenizer {
  /** Ids of a text, without those that a template adds. */
  encode(text: string): readonly number[]
  /** The vocabulary's spelling of an id; null where it has none. */
  pieceOf(id: number): string | null
  /** The text that ids spell, with those of special tokens. */
  decode(ids: readonly number[]): string
}

interface Handle {
  encode(text: string): Int32Array
  decode(ids: Int32Array): string
  idToToken(id: number): string
}

interface Library {
  readonly Tokenizer: { fromJSON(json: ArrayBuffer): Promise<Handle> }
}

/** No UTF-8 spells half a character. */
const LONE_SURROGATE = /\p{Surrogate}/gu

/** Why the library gave up, as it says in its own words; it has no other way to tell. */
const said: string[] = []
let library: Promise<Library> | null = null

/** Fetches and compiles the library, once: asked for early, it comes while the model's files do. @throws EngineError `runtime-failed` */
export function prepareTokenizers(): Promise<Library> {
  library ??= loadLibrary()
  return library
}

/**
 * @param tokenizerJson content of a tokenizer.json
 * @throws EngineError `bad-config`, with the library's reason, for a part that it does not know
 */
export async function createRustTokenizer(tokenizerJson: object): Promise<RustTokenizer> {
  const { Tokenizer } = await prepareTokenizers()
  let handle: Handle
  said.length = 0
  try {
    // How long a row is, is for the model to say.
    handle = await Tokenizer.fromJSON(bytesOf({ ...tokenizerJson, truncation: null, padding: null }))
  } catch (error) {
    const reason = reasonIn(said) ?? String(error)
    // Each file that it gave up on took some of its stack for good; a new worker has a new one.
    if (EXHAUSTED.test(reason)) throw new EngineError('runtime-failed', `The tokenizer library has to start anew: ${reason}`)
    throw new EngineError('bad-config', `The tokenizer cannot be read: ${reason}`, { file: 'tokenizer.json', reason })
  }
  return {
    encode: (text) => {
      try {
        return Array.from(handle.encode(text.replace(LONE_SURROGATE, '\ufffd')))
      } catch (error) {
        throw new EngineError('bad-config', `The tokenizer fails: ${String(error)}`, { file: 'tokenizer.json' })
      }
    },
    pieceOf: (id) => (Number.isSafeInteger(id) && id >= 0 && id < 2 ** 31 ? handle.idToToken(id) || null : null),
    decode: (ids) => handle.decode(Int32Array.from(ids)),
  }
}

function bytesOf(json: object): ArrayBuffer {
  const { buffer } = new TextEncoder().encode(JSON.stringify(json))
  return buffer
}

/** Of "called `Result::unwrap()` on an `Err` value: Error("missing field `vocab`", line: 1, column: 30)", what is missing. */
function reasonIn(lines: readonly string[]): string | null {
  const line = lines.find((one) => one.includes('`Err` value'))
  return line === undefined ? null : (/Error\("(.*?)"(?:, line|\))/s.exec(line)?.[1] ?? line)
}

/** What the library says after about 47 files that it could not read. */
const EXHAUSTED = /memory access out of bounds/

const SMALLEST = { version: '1.0', model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'a' } }

/**
 * The package is a script that leaves its name in the global scope, and asks for its own address, which outside a browser nothing tells.
 * While it starts it takes `console.error` as the place to say what went wrong later: that is kept for `reasonIn`, and not shown. What others
 * say meanwhile goes on to where it belongs.
 */
async function loadLibrary(): Promise<Library> {
  const scope: { location?: unknown; tokenizers?: Library } = globalThis
  const isPlaceless = scope.location === undefined
  if (isPlaceless) scope.location = { href: import.meta.url }
  const { error } = console
  let isLoading = true
  console.error = (...words: unknown[]) => {
    // Afterwards only the library still has this function.
    if (isLoading) error.apply(console, words)
    else said.push(words.join(' '))
  }
  try {
    const module: Partial<Library> = await import('@mlc-ai/web-tokenizers')
    const loaded = module.Tokenizer === undefined ? scope.tokenizers : { Tokenizer: module.Tokenizer }
    if (loaded === undefined) throw new Error('the tokenizer library did not start')
    await loaded.Tokenizer.fromJSON(bytesOf(SMALLEST))
    return loaded
  } catch (cause) {
    library = null
    throw new EngineError('runtime-failed', `The tokenizer library cannot be loaded: ${String(cause)}`)
  } finally {
    console.error = error
    isLoading = false
    if (isPlaceless) delete scope.location
  }
}
