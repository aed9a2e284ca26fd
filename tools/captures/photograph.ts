// One picture after another of one page: each view at each size, in each theme and language, once nothing on it moves.
import { type EnginePage, until } from '../../e2e/engines/engine-page.ts'
import { type CaptureLanguage, type Scene, WORDS } from './scenes.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Look {
  readonly size: Size
  readonly theme: 'light' | 'dark'
  readonly language: CaptureLanguage
}

/** A large model, on a busy machine. */
const READY_MS = 240_000
/** Nothing has changed for so long: what is drawn is whole. */
const QUIET_MS = 600
/** Values that stream in for longer are photographed as they are. */
const PATIENCE_MS = 20_000

export interface Photograph {
  readonly png: Buffer
  /** Of the page: an engine's window may have a least width. */
  readonly size: Size
}

export async function photograph(page: EnginePage, url: string, scene: Scene, { size, theme, language }: Look): Promise<Photograph> {
  const link = [scene.link, `d=${theme}`, `l=${language}`].filter((part) => part !== '').join('&')
  await page.resize(size)
  await page.goto(`${url}#${link}`)
  await ready(page)
  if (scene.opens) await page.click(scene.opens(language))
  await page.evaluate(quiet, { quietMs: QUIET_MS, patienceMs: PATIENCE_MS })
  const picture = {
    png: await page.screenshot(),
    size: await page.evaluate(() => ({ width: innerWidth, height: innerHeight }), null),
  }
  if (scene.opens) {
    await page.evaluate(escapeInPage, null)
    await until(`an end of ${scene.name}`, () =>
      page.evaluate(() => document.querySelector('[role="dialog"], [role="menu"]') === null, null),
    )
  }
  return picture
}

/** Waits until the model answers, and what is on screen is its answer. */
async function ready(page: EnginePage): Promise<void> {
  const words = Object.values(WORDS).map(({ model }) => model.ready)
  await until(
    'the model',
    () =>
      page.evaluate((names) => {
        const bar = document.querySelector('header')?.textContent ?? ''
        return names.some((name) => bar.includes(name)) && document.querySelector('[aria-busy="true"]') === null
      }, words),
    READY_MS,
  )
}

/** In the page: resolves once nothing has changed for a while, or patience ends. */
async function quiet({ quietMs, patienceMs }: { readonly quietMs: number; readonly patienceMs: number }): Promise<void> {
  scrollTo({ top: 0, behavior: 'instant' })
  await document.fonts.ready
  await new Promise<void>((done) => {
    const end = (): void => {
      observer.disconnect()
      done()
    }
    const late = setTimeout(end, patienceMs)
    let pause = setTimeout(end, quietMs)
    const observer = new MutationObserver(() => {
      clearTimeout(pause)
      pause = setTimeout(() => {
        clearTimeout(late)
        end()
      }, quietMs)
    })
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  })
}

/** In the page: what the reader's Escape does. */
function escapeInPage(): void {
  const key = { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true }
  const at = document.activeElement ?? document.body
  at.dispatchEvent(new KeyboardEvent('keydown', key))
  at.dispatchEvent(new KeyboardEvent('keyup', key))
}
