// The page in which charts are drawn: one chart at one length, drawn first in a fresh page and then again with other data.
// ?chart=heatmap&tokens=64&redraws=8

import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '../../src/views/palette.css'
import '../../src/views/views.css'
import { CHARTS } from '../charts.ts'
import { makeDrawing } from './draw-data.ts'

export interface DrawTimes {
  /** From the start of the navigation to two frames after the drawing, without the making of the data. */
  readonly fromNavigation: number
  /** From the call to two frames later, in a page that has drawn nothing before. */
  readonly first: number
  /** The call alone. */
  readonly firstCall: number
  /** The same with other data of the same size in the same place. */
  readonly redraws: readonly number[]
  readonly redrawCalls: readonly number[]
  /** Elements of the chart. */
  readonly elements: number
  /** Reduction of all heads to thumbnails, which the engine's worker does. */
  readonly reduceMs: number
}

declare global {
  interface Window {
    drawBench: Promise<DrawTimes>
  }
}

async function drawBench(): Promise<DrawTimes> {
  const asked = new URLSearchParams(location.search)
  const chart = CHARTS.find((name) => name === asked.get('chart'))
  const main = document.querySelector('main')
  if (!chart || !main) throw new Error('?chart= names no chart')
  const begin = performance.now()
  const drawings = [0, 1].map((set) => makeDrawing(chart, Number(asked.get('tokens')), set))
  const making = performance.now() - begin
  const element = document.createElement('div')
  main.append(element)

  const timed = async (index: number): Promise<{ readonly call: number; readonly frames: number }> => {
    const start = performance.now()
    drawings[index % 2]?.draw(element)
    const call = performance.now() - start
    return { call, frames: (await twoFrames()) - start }
  }
  const first = await timed(0)
  const fromNavigation = performance.now() - making
  const elements = element.querySelectorAll('*').length
  const redraws = []
  for (let index = 1; index <= Number(asked.get('redraws')); index++) redraws.push(await timed(index))
  return {
    fromNavigation,
    first: first.frames,
    firstCall: first.call,
    redraws: redraws.map(({ frames }) => frames),
    redrawCalls: redraws.map(({ call }) => call),
    elements,
    reduceMs: drawings[1]?.reduceMs ?? 0,
  }
}

/** Two frames: style, layout and paint of what was drawn are done. */
function twoFrames(): Promise<number> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))
}

window.drawBench = drawBench()
