import { expect, test } from '@playwright/test'
import reference from '../fixtures/smollm2-reference.json' with { type: 'json' }
import { InnerscopePage } from './pages/innerscope-page.ts'
import { startLocalHub } from './pages/local-hub.ts'
import { ModelsDialog } from './pages/models-dialog.ts'

const [france] = reference.items

test('the small language model: chosen, asked, asked elsewhere, as a chat, and left again @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  const where = (text: string | RegExp) => page.locator('.prediction-where').filter({ hasText: text })
  await app.openLive('v=attention')
  await app.type(france?.text ?? '')
  await models.open()
  await expect(models.fact('Output')).toHaveText('2 classes')
  await models.chooseEmbedded(/SmolLM2/)
  await models.ready(/SmolLM2/)

  // What was typed is kept, and answered as PyTorch answers.
  await expect(app.field()).toHaveValue(france?.text ?? '')
  const [best] = await models.candidates()
  expect(best?.label).toBe('␣Paris')
  expect(best?.probability).toBeCloseTo(Math.exp(france?.target_logprob ?? 0), 2)
  await expect(where('What comes after “is” (position 5)')).toBeVisible()
  await expect(app.grid).toHaveAccessibleName(/Grid of 30 layers with 9 heads/)

  // Another position is asked about by choosing its token.
  await app.choose('capital')
  await expect(where('What comes after “capital” (position 2)')).toBeVisible()
  expect((await models.candidates())[0]?.label).toBe('␣of')
  await page.keyboard.press('Escape')
  await expect(where('What comes after “is” (position 5)')).toBeVisible()
  await app.button('Add “Paris” to the text').click()
  await expect(app.field()).toHaveValue('The capital of France is Paris')
  await expect(where('What comes after “Paris” (position 6)')).toBeVisible()

  // Each candidate can be taken, explained, and contrasted with the likeliest one, by keyboard too; undo takes it back.
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(app.field()).toHaveValue('The capital of France is')
  await expect(where('What comes after “is” (position 5)')).toBeVisible()
  const [, runnerUp] = await models.candidates()
  const candidate = page.getByRole('button', { name: `Candidate “${runnerUp?.label}”` })
  await candidate.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Contrast with “␣Paris”' }).press('Enter')
  await expect(app.radio('Questions', 'Why')).toBeChecked()
  await expect(page.getByRole('button', { name: /Paris.*Contrast|Contrast.*Paris/ })).toBeVisible()
  await app.radio('Questions', 'Attention').click()
  await page.getByRole('button', { name: 'Candidate “␣Paris”' }).click()
  await page.getByRole('menuitem', { name: 'Append to the text' }).click()
  await expect(app.field()).toHaveValue('The capital of France is Paris')

  // As a message the text stands in the model's own template.
  await page.getByText('Apply the chat template').click()
  await expect(app.tokens().filter({ hasText: '<|im_start|>' })).toHaveCount(3)
  await expect(where(/What comes after “.*” \(position \d\d\)/)).toBeVisible()

  await models.open()
  await expect(models.fact('Precision')).toContainText('4 bits in blocks')
  await expect(models.card).toContainText('The packed weights were unpacked to float32')
  await expect(models.fact('Licence')).toHaveText('apache-2.0')
  await models.chooseEmbedded(/MiniLM/)
  await models.ready(/MiniLM/)
  await expect(app.field()).toHaveValue('The capital of France is Paris')
})

test('the small language model with its weights packed @full', async ({ page }) => {
  const models = new ModelsDialog(page)
  await page.goto(`./#m=smollm2-135m-instruct&a=${encodeURIComponent(france?.text ?? '')}`)
  await models.ready(/SmolLM2/)
  await models.open()
  await models.dialog.getByRole('radio', { name: 'packed', exact: true }).click()
  await models.close()
  await models.ready(/SmolLM2/)
  await models.open()
  await expect(models.card).toContainText('The weights are held as you chose')
  await models.close()
  expect((await models.candidates())[0]?.label).toBe('␣Paris')
})

test('a hub’s model: listed with sizes, fetched, kept, and opened again without the hub @full', async ({ page }) => {
  const hub = await startLocalHub()
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  await app.openLive()
  await app.choose('not')
  await app.tool('Mask').click()
  await models.open()
  await models.chooseHub(hub.address)
  await models.look('zoo/bert_mlm')
  await expect(models.file('onnx/model.onnx')).toBeVisible()
  await expect(models.dialog.getByText(/^\d ONNX files: choose one$/)).toBeVisible()
  expect(hub.requests.some(({ url }) => url.includes('/resolve/'))).toBe(false)
  await models.file('onnx/model.onnx').check()
  await models.fetch()
  await models.ready(/zoo\/bert_mlm/)
  await expect(app.notice('The edits belonged to the tokens of the model before')).toBeVisible()

  // A masked language model is asked about its masks.
  await app.type('a [MASK] b')
  await expect(page.getByText('What stands in the masked place?')).toBeVisible()
  await expect(page.locator('.prediction-where').filter({ hasText: 'What fits in the place of “[MASK]” (position 3)' })).toBeVisible()
  expect(await models.candidates()).toHaveLength(8)
  await models.open()
  await expect(models.fact('Layers × heads')).toHaveText('2 × 4')
  await expect(models.fact('Checked')).toContainText('SHA-256')
  await expect(models.fact('Kept on this device')).toHaveText('yes')
  await models.card.getByText('Changes to its graph').click()
  await expect(models.card.getByText('Made attention an output')).toBeVisible()
  await models.close()

  // The reader opened it before: a reload asks nothing and needs no hub.
  await hub.close()
  await page.reload()
  await models.ready(/zoo\/bert_mlm/)
  await expect(app.field()).toHaveValue('a [MASK] b')
})

test('a link to a hub’s model fetches nothing before the reader agrees; an encoder without an answer tells how alike two texts are', async ({
  page,
}) => {
  const hub = await startLocalHub()
  await page.addInitScript((address) => localStorage.setItem('innerscope-hub', address), hub.address)
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  await page.goto(`./#m=${encodeURIComponent('hub|zoo/gpt2|main|onnx/model.onnx')}&a=the%20cat`)
  await expect(page.getByRole('alert')).toContainText('This link is about the model zoo/gpt2')
  await page.waitForTimeout(500)
  expect(hub.requests).toHaveLength(0)
  await page.getByRole('button', { name: 'Fetch it' }).click()
  await models.ready(/zoo\/gpt2/)
  await expect(page.getByText('What comes next?')).toBeVisible()

  await models.open()
  await models.look('zoo/bert_features')
  await models.file('onnx/model.onnx').check()
  await models.fetch()
  await models.ready(/zoo\/bert_features/)
  await expect(page.getByText('This model gives no answer of its own.')).toBeVisible()
  await app.button('Compare').click()
  const similarity = page.locator('.similarity strong').first()
  await expect(similarity).toHaveText('1.000')
  await app.type('quite other words', 'B')
  await expect(similarity).not.toHaveText('1.000')
  await hub.close()
})

test('what goes wrong with a hub has its own sentence, and the page stays as it is @full', async ({ page }) => {
  const hub = await startLocalHub({ gated: ['zoo/llama'] })
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  const failure = models.dialog.locator('.note-error')
  // What fails leaves a model that runs.
  await app.openLive()
  await models.open()
  await models.look('no name')
  await expect(failure).toContainText('That is no name of a model')
  await models.chooseHub(hub.address)
  await models.look('zoo/nothing')
  await expect(failure).toContainText('no model called zoo/nothing')
  await models.look('zoo/llama')
  await expect(models.dialog.locator('.note-warning')).toContainText('only given to readers who signed its terms')
  await expect(models.dialog.getByRole('button', { name: /^Fetch and open/ })).toBeDisabled()
  await models.look('zoo/broken')
  await expect(failure).toContainText('tokenizer.json')
  await models.dialog.getByRole('textbox', { name: 'Revision' }).fill('v9')
  await models.look('zoo/bert')
  await expect(failure).toContainText('no revision called v9')
  await models.dialog.getByRole('textbox', { name: 'Revision' }).fill('main')
  await models.look('zoo/gpt2')
  await models.file('onnx/decoder_with_past_model.onnx').check()
  await models.dialog.getByRole('button', { name: /^Fetch and open/ }).click()
  // It is fetched first.
  await expect(models.failure).toContainText('one token at a time', { timeout: 150_000 })
  await expect(models.failure).toContainText('MiniLM sentiment stays open')
  await models.close()
  // What ran goes on answering.
  await app.type('Not good.')
  await app.live()
  expect((await app.probabilities()).negative).toBeGreaterThan(0.5)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await hub.close()
  await models.open()
  await models.look('zoo/distilbert')
  await expect(failure).toContainText('The hub does not answer')
})

test('files of the reader: what is missing is said, and they open; so do dropped ones @full', async ({ page }) => {
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  await app.open()
  await models.open()
  const choose = (...files: string[]): Promise<void> => models.chooseFiles(...files.map((file) => `fixtures/zoo/${file}`))
  await choose('llama/onnx/model_ext.onnx', 'llama/onnx/model_ext.onnx_data')
  await expect(models.dialog.getByText('Missing: tokenizer.json.')).toBeVisible()
  await expect(models.openFiles).toBeDisabled()
  await choose('llama/tokenizer.json', 'llama/tokenizer_config.json', 'llama/config.json')
  await models.openFiles.click()
  await models.ready(/model_ext/)
  await models.open()
  await expect(models.fact('Checked')).toHaveText('no, your own files')
  await models.close()

  // A file that is no model, dropped on the page.
  await page.evaluate(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['<!doctype html><html></html>'], 'page.onnx'))
    transfer.items.add(new File(['{"model":{"vocab":{"a":0}}}'], 'tokenizer.json'))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
  })
  await expect(models.dialog.getByText('page.onnx')).toBeVisible()
  await models.openFiles.click()
  await expect(models.failure).toContainText(/a web page, not an ONNX file|tokenizer/)
  await expect(models.failure).toContainText('model_ext stays open')
  await models.close()
  await models.ready(/model_ext/)
})

test('files that are called alike are models of their own, also as a second model; another folder takes the place of the one before @full', async ({
  page,
}) => {
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  const filesOf = (model: string): string[] =>
    ['onnx/model.onnx', 'tokenizer.json', 'tokenizer_config.json', 'config.json'].map((file) => `fixtures/zoo/${model}/${file}`)
  const family = async (): Promise<string | null> => {
    await models.open()
    const name = await models.fact('Family').textContent()
    await models.close()
    return name
  }
  await app.openLive('v=attention')
  await models.open()
  await models.chooseFiles(...filesOf('bert'))
  await models.openFiles.click()
  await expect(models.dialog).toHaveCount(0)
  await models.ready(/^model/)
  expect(await family()).toBe('bert')

  // Another model.onnx is another model.
  await models.open()
  await models.chooseFolder('fixtures/zoo/bert')
  await expect(models.dialog.getByRole('list', { name: 'Chosen files' }).getByText('bert/config.json')).toBeVisible()
  await models.chooseFiles(...filesOf('distilbert'))
  await expect(models.dialog.getByRole('list', { name: 'Chosen files' }).getByRole('listitem')).toHaveCount(4)
  await expect(models.openFiles).toBeInViewport()
  await models.openFiles.click()
  await expect(models.dialog).toHaveCount(0)
  expect(await family()).toBe('distilbert')

  // And as a second one it stays apart, whatever the first is asked.
  await models.open()
  await models.dialog.getByRole('radio', { name: 'Add for comparison' }).click()
  await models.chooseFiles(...filesOf('bert'))
  await models.openFiles.click()
  const second = page.getByRole('region', { name: 'Second model: model' })
  await expect(second.getByRole('toolbar', { name: 'Tokens of sentence B' })).toBeVisible()
  const [own, other] = [app.side('A').getByRole('table').first(), second.getByRole('table').first()]
  const before = [await own.textContent(), await other.textContent()]
  expect(before[0]).not.toBe(before[1])
  await app.radio('Questions', 'Why').click()
  await app.settled()
  expect([await own.textContent(), await other.textContent()]).toEqual(before)
  expect(await family()).toBe('distilbert')
})

test('a second model reads the same sentence beside the first @full', async ({ page }) => {
  const hub = await startLocalHub()
  await page.addInitScript((address) => localStorage.setItem('innerscope-hub', address), hub.address)
  const app = new InnerscopePage(page)
  const models = new ModelsDialog(page)
  await app.openLive('v=attention')
  await models.open()
  await models.dialog.getByRole('radio', { name: 'Add for comparison' }).click()
  await models.look('zoo/bert')
  await models.file('onnx/model.onnx').check()
  await models.fetch()
  const second = page.getByRole('region', { name: 'Second model: zoo/bert' })
  await expect(second.getByRole('toolbar', { name: 'Tokens of sentence B' })).toBeVisible({ timeout: 30_000 })
  await expect(second.getByRole('table').first()).toContainText('NEUTRAL')
  await app.showPane('Side by side')
  await expect(app.panes).toHaveCount(2)
  await expect(app.panes.nth(1)).toContainText('bert')
  await expect(app.radio('What the charts show', 'Difference')).toHaveCount(0)
  // It follows the sentence, and tells where it could not follow an edit.
  await app.type('Not good.')
  // This tiny vocabulary has pieces of one or two letters.
  await expect(second.getByRole('toolbar').getByRole('button')).toHaveText(['[CLS]', 'No', 't', 'g', 'o', 'o', 'd', '.', '[SEP]'])
  await app.choose('good')
  await app.tool('Delete').click()
  await expect(second.getByText('it reads sentence A without its edits')).toBeVisible()
  await second.getByRole('button', { name: 'Close the second model' }).click()
  await expect(second).toHaveCount(0)
  await hub.close()
})
