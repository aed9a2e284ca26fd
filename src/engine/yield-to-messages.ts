/** Lets a cancel or a newer call in between two pieces of a long answer. */
export function yieldToMessages(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
