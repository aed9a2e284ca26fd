// Methods that perturb the text, on both models of the page: an answer grows in the page, and the reader can stop it.

import { expect, test } from '@playwright/test'
import { ATTRIBUTION_METHODS, type AttributionMethodId, METHODS } from '#catalogue/attribution-methods'
import { words } from '#i18n/en/methods'

const QUIET_MS = 2000

/** Of eleven units: all their coalitions are 2,048. */
const SHORT = 'The plot is thin and slow, yet I smiled'
const SENTENCE = 'The plot is thin and slow, yet I smiled all the way home because the actors are so very good and warm. '
/** Even one run for each token takes a while. */
const LONG = { 'minilm-sst2': SENTENCE.repeat(4), 'smollm2-135m-instruct': SENTENCE }

const PERTURBING = ATTRIBUTION_METHODS.filter((method) => METHODS[method].family === 'perturbation')
/** Each takes many seconds on the large model: one that goes through the text, one that samples, one that needs the embeddings. */
const ON_LARGE: readonly AttributionMethodId[] = ['leave-one-out', 'kernel-shap', 'embedding-noise']

for (const model of ['minilm-sst2', 'smollm2-135m-instruct'] as const) {
  test(`${model}: ${model === 'minilm-sst2' ? 'every method that perturbs' : 'methods that perturb'} the text ${model === 'minilm-sst2' ? 'streams and stops' : 'stream and stop'} @full`, async ({
    page,
  }) => {
    test.setTimeout(900_000)
    await page.goto(`./#m=${model}&v=attribution&am=saliency&a=Go`)
    // Noise on embeddings needs the graph with gradients, which a large model has only when it is asked for.
    if (model !== 'minilm-sst2') await page.getByRole('button', { name: 'Add gradients' }).click({ timeout: 120_000 })
    await expect(page.getByRole('region', { name: 'Attribution' })).toContainText('amount', { timeout: 120_000 })
    for (const [at, id] of (model === 'minilm-sst2' ? PERTURBING : ON_LARGE).entries()) {
      const { name } = words.methods[id]
      await test.step(name, async () => {
        // Each has a text of its own: none is told from what another one ran.
        await page.goto(
          `./#m=${model}&v=attribution&am=${id}&a=${encodeURIComponent(`${id === 'exact-shapley' ? SHORT : LONG[model]} ${at}`)}`,
        )
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
  })
}
