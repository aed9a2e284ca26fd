// What a method needs to know of a caller that may stop waiting.

/** Whether an answer is still wanted: of an AbortSignal, what a method needs. */
export interface Cancel {
  readonly aborted: boolean
  /** @throws the reason of the cancel */
  throwIfAborted(): void
}
