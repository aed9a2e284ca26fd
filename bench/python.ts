// A Python program beside this process: a line of JSON for each request and each answer. null, with a notice, where Python or a package is
// missing.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Python {
  /** Versions that the program named, by package. */
  readonly versions: Readonly<Record<string, string>>
  ask<Answer>(request: unknown): Promise<Answer>
  close(): void
}

/** @param python that has torch, transformers, captum, shap, lime and onnx; null for `python3` */
export async function openPython(python: string | null, program: string, ...args: readonly string[]): Promise<Python | null> {
  const child = spawn(python ?? 'python3', [program, ...args])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let complaint = ''
  child.stderr.on('data', (data: Buffer) => {
    complaint = data.toString().trim().split('\n').at(-1) ?? ''
  })
  const failed = new Promise<null>((resolve) => child.once('error', ({ message }) => resolve(skip(program, message))))
  const first = await Promise.race([lines.next(), failed])
  if (first === null) return null
  if (first.done) return skip(program, complaint)
  return {
    versions: JSON.parse(first.value) as Record<string, string>,
    ask: async <Answer>(request: unknown): Promise<Answer> => {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const answer = await lines.next()
      if (answer.done) throw new Error(`${program} ended: ${complaint}`)
      return JSON.parse(answer.value) as Answer
    },
    close: () => child.stdin.end(),
  }
}

function skip(program: string, reason: string): null {
  console.log(`${program} is not measured: ${reason}. --python PATH names a Python with torch, transformers, captum, shap, lime and onnx.`)
  return null
}
