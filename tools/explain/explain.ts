// What the headless command does, apart from the process around it: one file after the other, one answer or error each.

import { existsSync } from 'node:fs'
import { isRepo } from '#share/model-ref'
import { type ExplainArguments, isAblation, isGradient, partsIn } from './arguments.ts'
import { hubPlace } from './hub-place.ts'
import { folderPlace, type ModelPlace, tokenizerFolder } from './model-place.ts'
import { type OpenedEngine, openEngine } from './open-engine.ts'
import { type FileCard, openFile } from './open-file.ts'
import { type Question, takesGradients } from './question.ts'
import { describeAblation, runAblation } from './run-ablation.ts'
import { describeCounterfactuals, runCounterfactuals } from './run-counterfactuals.ts'
import { describeEdits, runEdits } from './run-edits.ts'
import { describeGeneration, runGenerate } from './run-generate.ts'
import { describeHeadRoles, runHeadRoles } from './run-head-roles.ts'
import { describeInteractions, runInteractions } from './run-interactions.ts'
import { describeLens, runLens } from './run-lens.ts'
import { describeLogitAttribution, runLogitAttribution } from './run-logit-attribution.ts'
import { describeAttribution, runMethod } from './run-method.ts'
import { describePatching, runPatching } from './run-patching.ts'
import { describePath, runPath } from './run-path.ts'
import { type RawInputs, readInputs, runRaw } from './run-raw.ts'
import { describeAnswer, describeCard, runText } from './run-text.ts'
import { describeTokens, openTokens } from './run-tokens.ts'

export interface Streams {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

/** @returns the process's exit code: 0, or 1 when a file could not be explained */
export async function explain(args: ExplainArguments, { out, err }: Streams, open = openEngine): Promise<number> {
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
    if (args.what === 'tokens' && args.question === null && inputs === null) {
      for (const line of await explainTokens(args, err)) out(line)
      return 0
    }
    place = await placeOf(args, err)
  } catch (error) {
    fail(error, null)
    return 1
  }
  for (const file of place.graphs) {
    err(`${file} ...`)
    try {
      for (const line of await explainFile(args, place, file, inputs, open)) out(line)
    } catch (error) {
      fail(error, file)
    }
  }
  return failures === 0 ? 0 : 1
}

/** A folder needs no graph for its tokens; of a repository the files that go with a graph are fetched. */
async function explainTokens(args: ExplainArguments, err: Streams['err']): Promise<readonly string[]> {
  const texts = [args.text, args.textB].filter((text) => text !== null)
  const isFolder = !isOnHub(args)
  const place = isFolder ? tokenizerFolder(args.model) : await placeOf(args, err)
  const graph = place.graphs[0] ?? ''
  const tokensOf = await openTokens(place, await place.open(graph), graph)
  return written(args, { name: place.name }, texts.map(tokensOf), describeTokens)
}

function isOnHub({ model, hub, revision }: ExplainArguments): boolean {
  return hub !== null || revision !== null || (!existsSync(model) && isRepo(model))
}

/** A hub where the arguments name one, or where no folder is called so but a repository may be. */
async function placeOf(args: ExplainArguments, err: Streams['err']): Promise<ModelPlace> {
  const { model, files, hub, revision } = args
  return isOnHub(args) ? hubPlace({ repo: model, address: hub, revision }, files, err) : folderPlace(model, files)
}

async function explainFile(
  args: ExplainArguments,
  place: ModelPlace,
  file: string,
  inputs: RawInputs | null,
  open: typeof openEngine,
): Promise<readonly string[]> {
  const { question, what } = args
  const texts = [args.text, args.textB].filter((text) => text !== null)
  if (question !== null || (inputs === null && (what === 'prediction' || what === 'attention'))) {
    const opened = await open(place, file, question !== null && takesGradients(question))
    try {
      if (question !== null) return await answered(args, opened, question, texts)
      const view = what === 'attention' ? what : 'prediction'
      return written(args, opened.card, await inOrder(texts, (text) => runText(opened, text, view)), describeAnswer)
    } finally {
      await opened.release()
    }
  }
  const opened = await openFile(
    place,
    file,
    args.tensors.some(isGradient) ? {} : null,
    partsIn(args.tensors),
    args.tensors.some(isAblation) ? ['activations'] : [],
  )
  try {
    const { card } = opened
    if (inputs !== null) return [JSON.stringify({ model: card, ...(await runRaw(opened, inputs, args.tensors, args.target)) })]
    return [args.json ? JSON.stringify({ model: card, result: card }) : describeCard(card)]
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
    case 'lens':
      return written(args, card, await inOrder(texts, (text) => runLens(opened, text, question)), describeLens)
    case 'logit-attribution':
      return written(args, card, await inOrder(texts, (text) => runLogitAttribution(opened, text, question)), describeLogitAttribution)
    case 'head-roles':
      return written(args, card, await inOrder(texts, (text) => runHeadRoles(opened, text, question)), describeHeadRoles)
    case 'ablate':
      return written(args, card, [await runAblation(opened, texts[0] ?? '', texts[1] ?? null, question)], describeAblation)
    case 'patch':
      return written(args, card, [await runPatching(opened, texts[0] ?? '', texts[1] ?? '', question)], describePatching)
    case 'path':
      return written(args, card, await inOrder(texts, (text) => runPath(opened, text, question)), describePath)
    case 'generate':
      return written(args, card, await inOrder(texts, (text) => runGenerate(opened, text, question)), describeGeneration)
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
  model: FileCard | { readonly name: string },
  answers: readonly Answer[],
  describe: (answer: Answer) => string,
): readonly string[] {
  return json ? [JSON.stringify({ model, result: answers.length === 1 ? answers[0] : answers })] : answers.map(describe)
}

function described(error: unknown): { readonly kind: string; readonly message: string } {
  if (!(error instanceof Error)) return { kind: 'unexpected', message: String(error) }
  return { kind: 'kind' in error && typeof error.kind === 'string' ? error.kind : 'unexpected', message: error.message }
}
