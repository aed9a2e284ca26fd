// BertViz, drawn by the peer's own script from a folder outside this repository; null where that or its Python is missing.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export interface BertVizDrawing {
  readonly view: 'model_view' | 'head_view'
  readonly tokens: number
  readonly elements: number
  /** Milliseconds from the start of the navigation to two frames after all lines were in the document. */
  readonly first: number
}

export interface BertViz {
  readonly version: string
  /** Draws both views once, each in a fresh page. */
  draw(tokens: number): Promise<readonly BertVizDrawing[]>
}

export interface BertVizPlaces {
  /** The peers' folder, with bertviz_render in it and the packages of its package.json installed. */
  readonly peers: string | null
  readonly python: string | null
  readonly model: string
  readonly sentences: string
  readonly chromium: string
}

const MINUTES = 5
const run = promisify(execFile)

/** Looks for BertViz and writes its pages; says on the console why it cannot be measured. */
export async function openBertViz(places: BertVizPlaces): Promise<BertViz | null> {
  const { peers } = places
  if (peers === null) return skip('no folder of peers is named: --peers DIR, or INNERSCOPE_PEERS')
  const folder = resolve(peers, 'bertviz_render')
  if (!existsSync(join(folder, 'render.mjs'))) return skip(`there is no bertviz_render/render.mjs in ${peers}`)
  const python = places.python ?? [join(peers, 'venv/bin/python'), join(peers, '../venv/bin/python')].find(existsSync) ?? 'python3'
  const files = ['--python', python, '--model', resolve(places.model), '--sentences', resolve(places.sentences)]
  const render = async (...more: readonly string[]): Promise<string> => {
    const args = ['render.mjs', ...files, '--chromium', places.chromium, ...more]
    const { stdout } = await run(process.execPath, args, { cwd: folder, timeout: MINUTES * 60_000, maxBuffer: 2 ** 24 })
    return stdout
  }
  try {
    // No length is drawn: this writes the pages only.
    await render('--tokens', '0')
    const { stdout } = await run(python, ['-c', 'from importlib.metadata import version; print(version("bertviz"))'])
    return {
      version: stdout.trim(),
      async draw(tokens) {
        try {
          return parseDrawings(await render('--keep', '--repeats', '1', '--tokens', String(tokens)))
        } catch (error) {
          skip(lastLine(error))
          return []
        }
      },
    }
  } catch (error) {
    return skip(lastLine(error))
  }
}

/** Reads the peer's lines of JSON. */
export function parseDrawings(lines: string): readonly BertVizDrawing[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line))
    .filter(isDrawing)
    .filter(({ task }) => task === 'first drawing: two frames later')
    .map(({ tokens, settings, median_ms }) => ({ view: settings.view, tokens, elements: settings.dom_elements, first: median_ms }))
}

interface Line {
  readonly task: string
  readonly tokens: number
  readonly settings: { readonly view: 'model_view' | 'head_view'; readonly dom_elements: number }
  readonly median_ms: number
}

function isDrawing(line: unknown): line is Line {
  return typeof line === 'object' && line !== null && 'median_ms' in line && 'settings' in line && 'task' in line
}

function lastLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? ''
}

function skip(reason: string): null {
  console.log(`BertViz is not measured: ${reason}`)
  return null
}
