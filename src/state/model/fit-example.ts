// Another kind of model brings an example of its own where the text was only an example for another kind. What a reader typed stays.

import { EXAMPLES, type ExampleTask, type ExampleTokens, examplesFor } from '#catalogue/examples'
import type { ModelCard } from '#protocol/model-api'
import type { Actions, AppStore } from '../store.ts'

const TASKS = Object.keys(EXAMPLES).filter((task): task is ExampleTask => task in EXAMPLES)

/**
 * Puts the first example for the model in place of one for another kind; undo brings that one back.
 * @param before tokens that the text may hold, of the model before
 */
export function fitExample(
  store: AppStore,
  actions: Pick<Actions, 'open'>,
  card: Pick<ModelCard, 'task'> & ExampleTokens,
  before: ExampleTokens,
): void {
  const { textA, textB } = store.getState().settings
  const own = examplesFor(card.task, card)
  if (own.some(({ a }) => a === textA)) return
  const others = TASKS.flatMap((other) => examplesFor(other, before))
  const isExample = others.some(({ a, b }) => a === textA && (textB === null || textB === b))
  const [first] = own
  if (isExample && first) actions.open({ textA: first.a, editsA: [], textB: textB === null ? null : first.b, editsB: [] })
}
