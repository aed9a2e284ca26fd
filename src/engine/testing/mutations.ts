// Files of tokenizers and configurations, damaged at random: each is opened, or refused with an error that has a kind.

import { readFileSync } from 'node:fs'
import { randomNumbers } from '#tensor/random'
import { EngineError } from '../error.ts'
import { conventionOf, parseConfig } from '../model/config.ts'
import { chatTemplateOf } from '../text/chat-template.ts'
import { createTokenizer } from '../text/tokenizer.ts'

const FOLDERS = ['bert', 'gpt2', 'llama', 't5_encoder', 'roberta', 'albert'].map((family) => `fixtures/zoo/${family}`)
const FILES = ['tokenizer.json', 'tokenizer_config.json', 'config.json'] as const
/** What stands in the place of something else. */
const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e30,
  '',
  'odd',
  '[',
  [],
  {},
  [null],
  [1, 'a'],
  { type: 'Sequence' },
  { type: 'ByteLevel' },
]
const TEXT = 'Hello, wörld! 你好 [MASK]</s> 1½\n'

interface Outcome {
  /** Where, and what it became. */
  readonly change: string
  /** The error's kind; null where all went well, and the error itself where it has none. */
  readonly refused: string | null
  readonly untyped: unknown
}

/** What becomes of the files of a folder of the zoo with one part changed, for each seed. */
export async function mutationOutcomes(seeds: readonly number[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const seed of seeds) outcomes.push(await outcomeOf(seed))
  return outcomes
}

async function outcomeOf(seed: number): Promise<Outcome> {
  const random = randomNumbers(seed)
  const at = (count: number): number => Math.floor(random() * count)
  const folder = FOLDERS[at(FOLDERS.length)] ?? ''
  const hit = FILES[at(FILES.length)] ?? 'tokenizer.json'
  const parsed = FILES.map((file): unknown => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
  const places = branchesOf(parsed[FILES.indexOf(hit)])
  const place = places[at(places.length)]
  const keys = Object.keys(place ?? {})
  const key = keys[at(keys.length)] ?? ''
  const odd = ODD[at(ODD.length + 1)]
  if (place !== undefined && odd === undefined) Reflect.deleteProperty(place, key)
  else if (place !== undefined) Reflect.set(place, key, structuredClone(odd))
  const change = `${seed}: ${folder}/${hit} ${key} = ${JSON.stringify(odd)}`
  try {
    const [tokenizer = {}, settings = {}, config] = parsed
    conventionOf(parseConfig(config))
    const opened = await createTokenizer(Object(tokenizer), Object(settings), 64)
    opened.encode(TEXT)
    opened.encodeWord('wörld', 'attached')
    opened.labelOf(7)
    chatTemplateOf(Object(settings), null)?.([{ role: 'user', content: TEXT }])
    return { change, refused: null, untyped: null }
  } catch (error) {
    const isTyped = error instanceof EngineError && error.kind !== ''
    return { change, refused: isTyped ? error.kind : null, untyped: isTyped ? null : error }
  }
}

/** Objects and lists inside a file, of large ones (a vocabulary) as likely as of small ones. */
function branchesOf(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).length === 0 ? [] : [value, ...Object.values(value).slice(0, 40).flatMap(branchesOf)]
}
