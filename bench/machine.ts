// Facts about the machine and the versions that a measurement depends on.

import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

export interface Machine {
  /** ISO date of the run. */
  readonly date: string
  readonly cores: number
  readonly processor: string
  /** Processes that wanted to run in the last minute before the start: above 1, others disturbed the run. */
  readonly load: number
  readonly chromium: string
  readonly node: string
  readonly packages: Readonly<Record<string, string>>
  /** Null where BertViz is not measured. */
  readonly bertviz: string | null
}

const PACKAGES = { 'onnxruntime-web': 'onnxruntime-web', 'transformers.js': '@huggingface/transformers' }

/** Ask for it before anything is measured: the load is that of the others. */
export function describeMachine(): Omit<Machine, 'chromium' | 'bertviz'> {
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    load: loadavg()[0] ?? 0,
    node: process.versions.node,
    packages: Object.fromEntries(Object.entries(PACKAGES).map(([title, name]) => [title, versionOf(name)])),
  }
}

function versionOf(name: string): string {
  const found: unknown = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'))
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : 'unknown'
}
