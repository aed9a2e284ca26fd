// A host of the built page for one journey: its page begins with a script that keeps what goes wrong and knows the page's workers, in
// every engine the same. It can hold the model back, and go away.
import type { ServerResponse } from 'node:http'
import { ISOLATION_HEADERS } from '../../tools/csp.ts'
import { serve } from '../../tools/server/serve.ts'
import { gate, MODEL_FILE, startFaultyHost } from '../pages/faulty-host.ts'

/** Under `ort/`, whose files the service worker keeps when they are used: so the script is there without a network, too. */
const LOG_SCRIPT = 'ort/page-log.js'
/** Key of session storage, which outlives a reload. */
const ERRORS = 'page-log'

export interface JourneyHost {
  readonly url: string
  /** Lets the model's file through, which is held back until then. */
  releaseModel(): void
  close(): Promise<void>
}

export async function startJourneyHost(): Promise<JourneyHost> {
  const model = gate()
  const origin = await serve({ dir: 'dist', port: 0 })
  const host = await startFaultyHost(origin.url, {
    path: '',
    before: async ({ url = '/' }) => {
      if (url.includes(MODEL_FILE)) await model.opened
    },
    answer: ({ url = '/' }, response) => {
      const [path = '/'] = url.split(/[?#]/)
      if (path.endsWith(LOG_SCRIPT))
        response.writeHead(200, { 'content-type': 'text/javascript', ...ISOLATION_HEADERS }).end(`(${keepLog})('${ERRORS}')`)
      else if (path === '/' || path === '/index.html')
        void changed(new URL(path, origin.url), (text) => text.replace('<head>', `<head><script src="./${LOG_SCRIPT}"></script>`), response)
      else return false
      return true
    },
  })
  return {
    url: host.url,
    releaseModel: model.open,
    close: async () => {
      await host.close()
      await origin.close()
    },
  }
}

/** Answers with a file as it is changed. */
async function changed(url: URL, change: (text: string) => string, response: ServerResponse): Promise<void> {
  const original = await fetch(url)
  const fields = Object.fromEntries(original.headers)
  for (const name of ['content-encoding', 'content-length', 'etag', 'transfer-encoding', 'connection', 'keep-alive']) delete fields[name]
  response.writeHead(200, fields).end(change(await original.text()))
}

/** In the page, before anything else. */
function keepLog(key: string): void {
  const keep = (text: string): void => {
    const before: string[] = JSON.parse(sessionStorage.getItem(key) ?? '[]')
    sessionStorage.setItem(key, JSON.stringify([...before, text]))
  }
  addEventListener('error', ({ message, error }) => keep(`error: ${error ?? message}`))
  addEventListener('unhandledrejection', ({ reason }) => keep(`unhandled: ${reason}`))
  addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) => keep(`policy: ${violatedDirective} ${blockedURI}`))
  const { error } = console
  console.error = (...parts: unknown[]) => {
    keep(`console: ${parts.map(String).join(' ')}`)
    error.apply(console, parts)
  }
  const workers: { readonly url: string; readonly worker: Worker }[] = []
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      workers.push({ url: String(url), worker: this })
      this.addEventListener('error', ({ message }) => keep(`worker: ${message}`))
    }
  }
  const files: Blob[] = []
  const { createObjectURL } = URL
  URL.createObjectURL = (made) => {
    if (made instanceof Blob) files.push(made)
    return createObjectURL(made)
  }
  Object.assign(window, { workersOfPage: workers, filesOfPage: files })
}

/** In the page: what its log holds. */
export function errorsInPage(): readonly string[] {
  return JSON.parse(sessionStorage.getItem('page-log') ?? '[]')
}

/** In the page: ends the newest engine without a word, as a browser short of memory does. */
export function killEngineInPage(): boolean {
  const workers: { readonly url: string; readonly worker: Worker }[] = Reflect.get(window, 'workersOfPage')
  const engine = workers.findLast(({ url }) => url.includes('engine.worker'))
  engine?.worker.terminate()
  return engine !== undefined
}

/** In the page: the newest file that it gave to the reader: its type and text. */
export async function fileOfPage(): Promise<{ readonly type: string; readonly text: string; readonly size: number } | null> {
  const files: Blob[] = Reflect.get(window, 'filesOfPage')
  const file = files.at(-1)
  return file === undefined ? null : { type: file.type, text: await file.text(), size: file.size }
}

/** In the page: drops files on it, as a pointer that carries them does; bytes are base64. */
export function dropInPage(files: readonly { readonly name: string; readonly bytes: string }[]): void {
  const dataTransfer = new DataTransfer()
  for (const { name, bytes } of files)
    dataTransfer.items.add(new File([Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))], name))
  for (const kind of ['dragenter', 'dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }))
}
