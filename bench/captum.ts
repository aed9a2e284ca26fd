// Captum's integrated gradients in a Python process beside this one; null, with a notice, where Python or a package is missing.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface CaptumAnswer {
  readonly ms: number
  readonly values: readonly number[]
  readonly sum: number
  readonly expected: number
}

export interface Captum {
  readonly version: string
  integrate(text: string, target: number, steps: number): Promise<CaptumAnswer>
  close(): void
}

const PROGRAM = 'bench/python/integrated_gradients.py'

/** @param python that has torch, transformers, captum and onnx; null for `python3` */
export async function openCaptum(python: string | null, model: string): Promise<Captum | null> {
  const child = spawn(python ?? 'python3', [PROGRAM, model])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let complaint = ''
  child.stderr.on('data', (data: Buffer) => {
    complaint = data.toString().trim().split('\n').at(-1) ?? ''
  })
  const failed = new Promise<null>((resolve) => child.once('error', ({ message }) => resolve(skip(message))))
  const first = await Promise.race([lines.next(), failed])
  if (first === null) return null
  if (first.done) return skip(complaint)
  const versions = JSON.parse(first.value) as { readonly captum: string; readonly torch: string }
  return {
    version: `${versions.captum} (torch ${versions.torch})`,
    integrate: (text, target, steps) => ask(child, lines, { text, target, steps }),
    close: () => child.stdin.end(),
  }
}

async function ask(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, request: unknown): Promise<CaptumAnswer> {
  child.stdin.write(`${JSON.stringify(request)}\n`)
  const answer = await lines.next()
  if (answer.done) throw new Error('Captum’s process ended')
  return JSON.parse(answer.value) as CaptumAnswer
}

function skip(reason: string): null {
  console.log(`Captum is not measured: ${reason}. --python PATH names a Python with torch, transformers, captum and onnx.`)
  return null
}
