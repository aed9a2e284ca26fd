// A host of the built page on which one file goes wrong, as files do: late, slow, cut off, damaged, missing, another file.
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { Transform } from 'node:stream'

export const MODEL_FILE = 'onnx/model_quantized.onnx'

/** What happens to requests of one file: it answers itself, or changes what the real server answered. */
export interface Fault {
  /** End of the path that it concerns. */
  readonly path: string
  /** Waits before the request goes on. */
  readonly before?: (request: IncomingMessage) => Promise<void>
  /** Answers instead of the real server; false lets that one answer. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** What the answer's bytes go through; `end` cuts the connection. */
  readonly through?: (cut: () => void) => Transform
}

export interface FaultyHost {
  readonly url: string
  /** Requests of the faulty file so far, with their Range header and the status they got. */
  readonly requests: readonly { readonly range: string | undefined; status: number }[]
  close(): Promise<void>
}

/** Serves what `origin` serves, on a port (so with caches) of its own. */
export async function startFaultyHost(origin: string, fault: Fault): Promise<FaultyHost> {
  const requests: { readonly range: string | undefined; status: number }[] = []
  const server = createServer(async (request, response) => {
    const concerned = (request.url ?? '').split(/[?#]/)[0]?.endsWith(fault.path) ?? false
    const note = { range: request.headers.range, status: 0 }
    if (concerned) requests.push(note)
    if (concerned) await fault.before?.(request)
    if (concerned && fault.answer?.(request, response)) return
    const upstream = get(new URL(request.url ?? '/', origin), { headers: { ...request.headers, connection: 'close' } }, (answer) => {
      note.status = answer.statusCode ?? 0
      response.writeHead(note.status, answer.headers)
      // A cut line brings the reader a connection that ends before its time.
      answer.on('error', () => response.destroy())
      const through = concerned ? fault.through?.(() => response.destroy()) : undefined
      if (through) answer.pipe(through).pipe(response)
      else answer.pipe(response)
    })
    upstream.on('error', () => response.destroy())
    response.on('close', () => upstream.destroy())
  })
  const port = await new Promise<number>((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      done(typeof address === 'object' && address ? address.port : 0)
    })
  })
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

/** A gate that holds whoever waits until it is opened. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((done) => {
    open = done
  })
  return { opened, open }
}

/** Lets `length` bytes pass and holds the others back until `opened`. */
export function heldAfter(length: number, opened: Promise<void>): Transform {
  let passed = 0
  return new Transform({
    transform: (bytes: Buffer, _encoding, done) => {
      const held = passed >= length
      passed += bytes.length
      if (held) void opened.then(() => done(null, bytes))
      else done(null, bytes)
    },
  })
}

/** Turns one bit of the byte at `place`. */
export function damagedAt(place: number): Transform {
  let passed = 0
  return new Transform({
    transform: (bytes: Buffer, _encoding, done) => {
      if (place >= passed && place < passed + bytes.length) bytes[place - passed] = (bytes[place - passed] ?? 0) ^ 1
      passed += bytes.length
      done(null, bytes)
    },
  })
}

/** Lets `length` bytes pass and then cuts the connection. */
export function cutAfter(length: number, cut: () => void): Transform {
  let passed = 0
  return new Transform({
    transform: (bytes: Buffer, _encoding, done) => {
      passed += bytes.length
      done(null, bytes)
      if (passed >= length) setTimeout(cut, 50)
    },
  })
}
