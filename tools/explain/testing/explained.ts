// The command as tests ask it: what it would print, with models that stay open from one question of a test file to the next.

import { parseExplainArguments } from '../arguments.ts'
import { explain } from '../explain.ts'
import { type OpenedEngine, openEngine } from '../open-engine.ts'

export interface Explained {
  readonly code: number
  readonly lines: readonly string[]
  readonly messages: readonly string[]
}

const open = new Map<string, Promise<OpenedEngine>>()

/** Opening takes longer than most answers do: two questions about one file share its engine. */
const keptOpen: typeof openEngine = async (place, file, gradients, weights) => {
  const key = JSON.stringify([place.name, file, gradients, weights])
  const opened = open.get(key) ?? openEngine(place, file, gradients, weights)
  open.set(key, opened)
  return { ...(await opened), release: async () => undefined }
}

/** @param args as on the command line */
export async function explained(...args: readonly string[]): Promise<Explained> {
  const lines: string[] = []
  const messages: string[] = []
  const streams = { out: (line: string) => void lines.push(line), err: (line: string) => void messages.push(line) }
  const code = await explain(parseExplainArguments(args), streams, keptOpen)
  return { code, lines, messages }
}
