// The whole wire format between page and workers. Every call has an id; every call can be cancelled.

/** One kind of call: its arguments, the partial answers on the way, and the final answer. */
export interface Call<Args, Progress, Result> {
  readonly args: Args
  readonly progress: Progress
  readonly result: Result
}

/** What a worker may be asked: a name for each kind of call. */
export type ApiTable<Api> = { readonly [Name in keyof Api]: Call<unknown, unknown, unknown> }

/** An error that crossed the worker's border: its kind decides the sentence the reader sees, `data` fills it in. */
export interface WireError {
  readonly kind: string
  readonly message: string
  readonly data: Readonly<Record<string, string | number>>
}

export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly args: unknown }
  | { readonly kind: 'cancel'; readonly id: number }

export type ToPage =
  /** The worker holds the lock that bears its name: once the page gets that lock, the worker is dead. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
