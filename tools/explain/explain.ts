// What the headless command does, apart from the process around it: one file after the other, one answer or error each.

import { existsSync } from 'node:fs'
import { isRepo } from '#share/model-ref'
import { type ExplainArguments, isGradient, partsIn } from './arguments.ts'
import { hubPlace } from './hub-place.ts'
import { folderPlace, type ModelPlace } from './model-place.ts'
import { type OpenedEngine, openEngine } from './open-engine.ts'
import { type FileCard, openFile } from './open-file.ts'
import { needsGradients, type Question } from './question.ts'
import { describeCounterfactuals, runCounterfactuals } from './run-counterfactuals.ts'
import { describeEdits, runEdits } from './run-edits.ts'
import { describeInteractions, runInteractions } from './run-interactions.ts'
import { describeAttribution, runMethod } from './run-method.ts'
import { type RawInputs, readInputs, runRaw } from './run-raw.ts'
import { describeAnswer, describeCard, runText } from './run-text.ts'

export interface Streams {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

/** @returns the process's exit code: 0, or 1 when a file could not be explained */
export async function explain(args: ExplainArguments, { out, err }: Streams): Promise<number> {
  let failures = 0
  const fail = (error: unknown, file: string | null): void => {
    failures++
    const { kind, message } = described(error)
    if (args.json || args.input !== null) out(JSON.stringify({ ...(file === null ? {} : { file }), error: { kind, message } }))
    err(message)
  }
  let inputs: RawInputs | null
  let place: ModelPlace
  try {
    inputs = args.input === null ? null : readInputs(args.input)
    place = await placeOf(args, err)
  } catch (error) {
    fail(error, null)
    return 1
  }
  for (const file of place.graphs) {
    err(`${file} ...`)
    try {
      for (const line of await explainFile(args, place, file, inputs)) out(line)
    } catch (error) {
      fail(error, file)
    }
  }
  return failures === 0 ? 0 : 1
}

/** A hub where the arguments name one, or where no folder is called so but a repository may be. */
async function placeOf({ model, files, hub, revision }: ExplainArguments, err: Streams['err']): Promise<ModelPlace> {
  const onHub = hub !== null || revision !== null || (!existsSync(model) && isRepo(model))
  return onHub ? hubPlace({ repo: model, address: hub, revision }, files, err) : folderPlace(model, files)
}

async function explainFile(args: ExplainArguments, place: ModelPlace, file: string, inputs: RawInputs | null): Promise<readonly string[]> {
  const { question, what } = args
  const texts = [args.text, args.textB].filter((text) => text !== null)
  if (question !== null) {
    const opened = await openEngine(place, file, needsGradients(question))
    try {
      return await answered(args, opened, question, texts)
    } finally {
      await opened.release()
    }
  }
  const opened = await openFile(place, file, args.tensors.some(isGradient) ? {} : null, partsIn(args.tensors))
  try {
    const { card } = opened
    if (inputs !== null) return [JSON.stringify({ model: card, ...(await runRaw(opened, inputs, args.tensors, args.target)) })]
    if (what === 'card') return [args.json ? JSON.stringify({ model: card, result: card }) : describeCard(card)]
    return written(args, card, await inOrder(texts, (text) => runText(opened, text, what)), describeAnswer)
  } finally {
    await opened.session.release()
  }
}

/** @param texts of which each may be a way's beginning for the other */
async function answered(
  args: ExplainArguments,
  opened: OpenedEngine,
  question: Question,
  texts: readonly string[],
): Promise<readonly string[]> {
  const { card } = opened
  switch (question.kind) {
    case 'method': {
      const answers = await inOrder(texts, (text, at) => runMethod(opened, text, texts[1 - at] ?? null, question))
      return written(args, card, answers, describeAttribution)
    }
    case 'edits':
      return written(args, card, await inOrder(texts, (text) => runEdits(opened, text, question)), describeEdits)
    case 'flip':
      return written(args, card, await inOrder(texts, (text) => runCounterfactuals(opened, text, question)), describeCounterfactuals)
    case 'pairs':
      return written(args, card, await inOrder(texts, (text) => runInteractions(opened, text, question)), describeInteractions)
  }
}

async function inOrder<Answer>(
  texts: readonly string[],
  answer: (text: string, at: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (const [at, text] of texts.entries()) answers.push(await answer(text, at))
  return answers
}

/** One line of JSON, or lines for a person. */
function written<Answer>(
  { json }: ExplainArguments,
  model: FileCard,
  answers: readonly Answer[],
  describe: (answer: Answer) => string,
): readonly string[] {
  return json ? [JSON.stringify({ model, result: answers.length === 1 ? answers[0] : answers })] : answers.map(describe)
}

function described(error: unknown): { readonly kind: string; readonly message: string } {
  if (!(error instanceof Error)) return { kind: 'unexpected', message: String(error) }
  return { kind: 'kind' in error && typeof error.kind === 'string' ? error.kind : 'unexpected', message: error.message }
}
