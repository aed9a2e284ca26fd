// The options of the command line, as they were typed.

import { parseArgs } from 'node:util'

/** What the reader got wrong, in a sentence. */
export class UsageError extends Error {}

export type Options = ReturnType<typeof readOptions>

/** @throws UsageError */
export function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        model: { type: 'string' },
        hub: { type: 'string' },
        revision: { type: 'string' },
        file: { type: 'string', multiple: true },
        text: { type: 'string' },
        'text-b': { type: 'string' },
        what: { type: 'string' },
        json: { type: 'boolean' },
        input: { type: 'string' },
        target: { type: 'string' },
        foil: { type: 'string' },
        space: { type: 'string' },
        method: { type: 'string' },
        baseline: { type: 'string' },
        layer: { type: 'string' },
        absence: { type: 'string' },
        unit: { type: 'string' },
        noise: { type: 'string' },
        features: { type: 'string' },
        edits: { type: 'string' },
        words: { type: 'string' },
        at: { type: 'string' },
        sort: { type: 'string' },
        flip: { type: 'boolean' },
        goal: { type: 'string' },
        moves: { type: 'string' },
        pairs: { type: 'boolean' },
        generate: { type: 'string' },
        temperature: { type: 'string' },
        'top-k': { type: 'string' },
        'top-p': { type: 'string' },
        'min-p': { type: 'string' },
        typical: { type: 'string' },
        lens: { type: 'boolean' },
        'logit-attribution': { type: 'boolean' },
        'head-roles': { type: 'string' },
        path: { type: 'boolean' },
        ablate: { type: 'string' },
        off: { type: 'string' },
        patch: { type: 'string' },
        direction: { type: 'string' },
        head: { type: 'string' },
        seed: { type: 'string' },
        chat: { type: 'boolean' },
        tensors: { type: 'string' },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** One of the words that an option knows. @throws UsageError */
export function wordOf<Word extends string>(option: string, known: readonly Word[], typed: string): Word {
  const word = known.find((one) => one === typed.trim())
  if (word === undefined) throw new UsageError(`--${option} takes ${known.join(', ')}, not ${typed}.`)
  return word
}

/** Some of them, with commas, in the order in which they were typed; each once. @throws UsageError */
export function wordsOf<Word extends string>(option: string, known: readonly Word[], typed: string): readonly Word[] {
  return Array.from(new Set(typed.split(',').map((one) => wordOf(option, known, one))))
}
