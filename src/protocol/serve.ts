// The worker's end of the protocol: takes calls from a port, hands them to handlers, streams answers back.
// Answers are cloned, so that what a handler keeps stays whole; what is moved instead is named by `transfer`.

import type { ApiTable, ToEngine, ToPage, WireError } from './messages.ts'

/** What a handler gets beside its arguments. */
export interface CallContext<Progress> {
  /** Aborted when the page cancels the call. */
  readonly signal: AbortSignal
  /** Sends a partial answer. */
  progress(value: Progress): void
}

/** One handler for each kind of call. */
export type Handlers<Api extends ApiTable<Api>> = {
  readonly [Name in keyof Api]: (args: Api[Name]['args'], context: CallContext<Api[Name]['progress']>) => Promise<Api[Name]['result']>
}

/** Buffers that handlers give away with the answers that they lie in. */
const given = new WeakSet<ArrayBuffer>()

/**
 * Names what is moved to the page instead of cloned: every typed array inside plain data, which is empty here once its answer is sent. For
 * large arrays that are made for one answer.
 * @returns `value`
 * @throws RangeError for an array that is a part of its buffer: all of the buffer would go
 */
export function transfer<Value>(value: Value): Value {
  for (const view of viewsIn(value)) {
    if (view.byteLength !== view.buffer.byteLength) throw new RangeError('An array that is moved must be all of its buffer.')
    if (view.buffer instanceof ArrayBuffer) given.add(view.buffer)
  }
  return value
}

/** The part of a worker's global scope, or of a MessagePort, that serving needs. */
export interface EnginePort {
  onmessage: ((event: MessageEvent<ToEngine>) => void) | null
  postMessage(message: ToPage, transfer: ArrayBuffer[]): void
}

/**
 * Answers every call on `port` with the handlers of the table that is named. A cancelled call is answered by an
 * error of kind `cancelled`.
 */
export function serve<Api extends ApiTable<Api>>(port: EnginePort, handlers: NoInfer<Handlers<Api>>): void {
  const running = new Map<number, AbortController>()
  const send = (message: ToPage): void =>
    port.postMessage(
      message,
      buffersOf(message).filter((buffer) => given.has(buffer)),
    )

  const answer = async (id: number, name: string, args: unknown): Promise<void> => {
    const controller = new AbortController()
    running.set(id, controller)
    const context: CallContext<unknown> = {
      signal: controller.signal,
      progress: (value) => {
        if (!controller.signal.aborted) send({ kind: 'progress', id, value })
      },
    }
    try {
      const handler = handlers[name as keyof Api] as (args: unknown, context: CallContext<unknown>) => Promise<unknown>
      const value = await handler(args, context)
      controller.signal.throwIfAborted()
      send({ kind: 'result', id, value })
    } catch (error) {
      send({ kind: 'error', id, error: controller.signal.aborted ? CANCELLED : wireError(error) })
    } finally {
      running.delete(id)
    }
  }

  port.onmessage = ({ data }) => {
    if (data.kind === 'cancel') running.get(data.id)?.abort()
    else void answer(data.id, data.name, data.args)
  }
}

/** A worker's global scope, as far as serving for its whole life needs it. */
export interface ServingScope extends EnginePort {
  readonly name: string
  /** Missing on an insecure page. */
  readonly navigator: { readonly locks?: { request(name: string, held: () => Promise<never>): Promise<unknown> } }
}

/** Holds the lock that bears the worker's name, and tells the page: once the page gets that lock, the worker is dead. */
export function holdLifeLock(scope: ServingScope): void {
  void scope.navigator.locks?.request(scope.name, () => {
    scope.postMessage({ kind: 'alive' }, [])
    return new Promise<never>(() => {})
  })
}

const CANCELLED: WireError = { kind: 'cancelled', message: 'The call was cancelled.', data: {} }

/** An error as plain data. Anything that is not one of our typed errors is `unexpected`. */
export function wireError(error: unknown): WireError {
  if (!(error instanceof Error)) return { kind: 'unexpected', message: String(error), data: {} }
  const { kind, data } = error as Error & { readonly kind?: unknown; readonly data?: unknown }
  return {
    kind: typeof kind === 'string' ? kind : 'unexpected',
    message: error.message,
    data: typeof data === 'object' && data !== null ? plainData(data) : {},
  }
}

/** Words and numbers only: anything else may not survive the wire, and an error that cannot be sent leaves its call open. */
function plainData(data: object): WireError['data'] {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => typeof value === 'string' || typeof value === 'number'))
}

/** The buffers of every typed array inside plain data, each once. Shared memory is left out: it cannot be moved. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = viewsIn(value).map(({ buffer }) => buffer)
  return Array.from(new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer)))
}

function viewsIn(value: unknown): readonly ArrayBufferView[] {
  if (ArrayBuffer.isView(value)) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(viewsIn) : []
}
