// Methods that perturb the text, on both models of the page: an answer grows in the page, and the reader can stop it.

import { expect, type Page, test } from '@playwright/test'
import { ATTRIBUTION_METHODS, type AttributionMethodId, METHODS } from '#catalogue/attribution-methods'
import { words } from '#i18n/en/methods'
import { testOnLargePage, test as testOnSharedPage } from './pages/shared-page.ts'

const QUIET_MS = 1500

/** Of eleven units: all their coalitions are 2,048. */
const SHORT = 'The plot is thin and slow, yet I smiled'
const SENTENCE = 'The plot is thin and slow, yet I smiled all the way home because the actors are so very good and warm. '

/** Long enough that its method does not end before it is stopped. */
function textFor(id: AttributionMethodId): string {
  if (id === 'exact-shapley') return SHORT
  return SENTENCE.repeat(id === 'leave-one-out' ? 4 : 2)
}

const PERTURBING = ATTRIBUTION_METHODS.filter((method) => METHODS[method].family === 'perturbation')
/** Each takes many seconds on the large model: one that goes through the text, and one that samples. */
const ON_LARGE: readonly AttributionMethodId[] = ['leave-one-out', 'kernel-shap']

testOnSharedPage('every method that perturbs the text streams and stops on the classifier @full', async ({ page }) => {
  test.setTimeout(900_000)
  for (const [at, id] of PERTURBING.entries()) await streamsAndStops(page, `v=attribution&am=${id}`, id, `${textFor(id)} ${at}`)
})

testOnLargePage('methods that perturb the text stream and stop on the language model @full', async ({ page }) => {
  test.setTimeout(900_000)
  for (const id of ON_LARGE) await streamsAndStops(page, `m=smollm2-135m-instruct&v=attribution&am=${id}`, id, `${SENTENCE} ${id.length}`)
})

/** @param text one of its own for each method: none is told from what another one ran */
async function streamsAndStops(page: Page, link: string, id: AttributionMethodId, text: string): Promise<void> {
  const { name } = words.methods[id]
  await test.step(name, async () => {
    await page.goto(`./#${link}&a=${encodeURIComponent(text)}`)
    const line = page
      .getByRole('region', { name: 'Attribution' })
      .getByRole('listitem')
      .filter({ has: page.getByText(name, { exact: true }) })
    await expect(line).toContainText(/[1-9]\d* of about [\d,]+ forward passes/, { timeout: 180_000 })
    await line.getByRole('button', { name: 'Stop' }).click()
    await expect(line).toContainText('Stopped after')
    const stopped = await line.textContent()
    // Answers come several times a second until a method ends: what still runs says so by then.
    await page.waitForTimeout(QUIET_MS)
    expect(await line.textContent()).toBe(stopped)
  })
}
