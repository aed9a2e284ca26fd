// WebKit over plain WebDriver.
import { type EnginePage, findInPage, plain, type Target, until } from './engine-page.ts'
import { startWebKit } from './webkit-driver.ts'

/** The key of an element's reference (W3C WebDriver, 12.1). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'
/** A window is at rest when so many looks at it find it as before. */
const LOOKS = 3
const BETWEEN_LOOKS_MS = 150

export async function openWebKit(browser: string, { width, height }: { width: number; height: number }): Promise<EnginePage> {
  const { version, ask, close } = await startWebKit(browser, `${width + 200}x${height + 200}`)
  const run = async (script: string, argument: unknown): Promise<unknown> => {
    const wrapped = `const done = arguments[1]; Promise.resolve(arguments[0]).then(${script}).then((value) => done({ value }), (error) => done({ error: String(error) }))`
    const answer = (await ask('POST', '/execute/async', { script: wrapped, args: [argument] })) as { value?: unknown; error?: string }
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }
  const element = (target: Target): Promise<string> =>
    until(`${target.css} "${target.name ?? ''}"`, async () => {
      const found = await ask('POST', '/execute/sync', { script: `return (${findInPage})(arguments[0])`, args: [plain(target)] })
      return typeof found === 'object' && found !== null ? String(Object.values(found)[0]) : null
    })
  const page: EnginePage = {
    version,
    goto: async (url) => void (await ask('POST', '/url', { url })),
    reload: async () => void (await ask('POST', '/refresh', {})),
    evaluate: (script, argument) => run(String(script), argument) as never,
    click: async (target) => {
      // What is still coming onto the page moves things under the bar at its foot.
      await until(`a click on ${target.css}`, async () =>
        ask('POST', `/element/${await element(target)}/click`, {}).then(
          () => true,
          (error: unknown) => !/intercepted|stale|not interactable/.test(String(error)) && Promise.reject(error),
        ),
      )
    },
    type: async (target, text) => {
      const field = await element(target)
      // Keys go to what is selected in the field that has the focus. What lies on it while it has none takes no keys.
      await ask('POST', '/execute/sync', {
        script: 'arguments[0].focus(); arguments[0].select()',
        args: [{ [ELEMENT]: field }],
      })
      await ask('POST', `/element/${field}/value`, { text })
    },
    // The window has a bar of its own above the page, and takes its size some time after it was asked to.
    resize: async (size) => {
      let height = size.height
      let [before, rests] = [Number.NaN, 0]
      await ask('POST', '/window/rect', size)
      await until(`a page ${size.height} px high`, async () => {
        await new Promise((done) => setTimeout(done, BETWEEN_LOOKS_MS))
        const now = await page.evaluate(() => innerHeight, null)
        rests = now === before ? rests + 1 : 0
        before = now
        if (rests < LOOKS || now === size.height) return rests >= LOOKS
        height += size.height - now
        rests = 0
        await ask('POST', '/window/rect', { ...size, height })
        return false
      })
    },
    screenshot: async () => Buffer.from(String(await ask('GET', '/screenshot')), 'base64'),
    // WebDriver tells of none.
    browserErrors: () => [],
    close,
  }
  await page.resize({ width, height })
  return page
}
