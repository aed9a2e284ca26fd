// How contenders are timed in one page: warmed up, held to the same answer, and taking turns.

/** Answers one input; resolves to a probability, by which the answers are compared. */
export type Answer = () => Promise<number>

/** One answer of every contender, in milliseconds; `round` moves who goes first. */
export async function takeTurns<Id extends string>(answers: ReadonlyMap<Id, Answer>, round: number): Promise<ReadonlyMap<Id, number>> {
  const order = [...answers]
  const first = round % order.length
  const times = new Map<Id, number>()
  for (const [id, answer] of [...order.slice(first), ...order.slice(0, first)]) {
    const start = performance.now()
    await answer()
    times.set(id, performance.now() - start)
  }
  return times
}

/** WebAssembly starts in baseline code and is optimised while it runs. */
export async function warmUp(answer: Answer | undefined, milliseconds: number): Promise<void> {
  const start = performance.now()
  while (answer && performance.now() - start < milliseconds) await answer()
}

/** @throws Error when two contenders differ by `tolerance` or more: they do not compute the same thing */
export async function assertSame(answers: ReadonlyMap<string, Answer>, tolerance: number, where: string): Promise<void> {
  const given: { readonly id: string; readonly value: number }[] = []
  for (const [id, answer] of answers) given.push({ id, value: await answer() })
  const values = given.map(({ value }) => value)
  if (!(Math.max(...values) - Math.min(...values) < tolerance))
    throw new Error(`answers differ at ${where}: ${given.map(({ id, value }) => `${id} ${value}`).join(', ')}`)
}
