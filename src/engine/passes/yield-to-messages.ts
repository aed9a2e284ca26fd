import type { Cancel } from '#methods/cancel'

/** Lets a cancel or a newer call in between two pieces of a long answer. */
export function yieldToMessages(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/** The same, after which a cancel is obeyed. @throws `cancel`'s reason */
export async function hearCancel(cancel: Cancel): Promise<void> {
  await yieldToMessages()
  cancel.throwIfAborted()
}
