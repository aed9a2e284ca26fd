// The dialog of models, as a reader uses it.
import { expect, type Locator, type Page } from '@playwright/test'

/** A tiny model, or a large one on a busy machine. */
const READY_MS = 150_000

export class ModelsDialog {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** The button in the bar, whatever the model's name. */
  get chip(): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: /(Ready|Loading the model|Not loaded|Precomputed example)$/ })
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Models' })
  }

  get card(): Locator {
    return this.dialog.getByRole('region', { name: 'About this model' })
  }

  async open(): Promise<void> {
    await this.chip.click()
    await expect(this.dialog).toBeVisible()
  }

  async close(): Promise<void> {
    await this.page.keyboard.press('Escape')
    await expect(this.dialog).toHaveCount(0)
  }

  /** What the card says of one thing. */
  fact(name: string): Locator {
    return this.card
      .locator('dl > div')
      .filter({ has: this.page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
      .locator('dd')
  }

  async chooseEmbedded(name: RegExp): Promise<void> {
    await this.dialog.getByRole('region', { name: 'On this page' }).getByRole('button', { name }).click()
  }

  async chooseHub(address: string): Promise<void> {
    const form = this.dialog.getByRole('region', { name: 'From a hub' })
    await form.getByText('Use another hub').click()
    await form.getByRole('textbox', { name: 'Address' }).fill(address)
    await form.getByRole('button', { name: 'Use it' }).click()
    await expect(form.getByText(`Files come from ${address}.`)).toBeVisible()
  }

  /** Lists the files of a repository. */
  async look(repo: string): Promise<void> {
    const form = this.dialog.getByRole('region', { name: 'From a hub' })
    await form.getByRole('textbox', { name: 'Name' }).fill(repo)
    await form.getByRole('button', { name: 'List files' }).click()
  }

  file(path: string): Locator {
    return this.dialog.getByRole('radio', { name: new RegExp(`^${path.replaceAll('.', '\\.')}\\b`) })
  }

  /** Fetches what is chosen; the dialog stays until it runs. */
  async fetch(): Promise<void> {
    await this.dialog.getByRole('button', { name: /^Fetch and open/ }).click()
    await expect(this.dialog).toHaveCount(0, { timeout: READY_MS })
  }

  /** Opens a file of a repository, from the page on. */
  async openFrom(hub: string, repo: string, path: string): Promise<void> {
    await this.open()
    await this.chooseHub(hub)
    await this.look(repo)
    await this.file(path).check()
    await this.fetch()
  }

  /** Why a model was not opened. */
  get failure(): Locator {
    return this.dialog.getByRole('alert')
  }

  /** Chooses files of the reader's; folders go. */
  async chooseFiles(...files: readonly string[]): Promise<void> {
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.dialog.getByRole('button', { name: 'Choose files' }).click(),
    ])
    await chooser.setFiles([...files])
  }

  async chooseFolder(folder: string): Promise<void> {
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      this.dialog.getByRole('button', { name: 'Choose a folder' }).click(),
    ])
    await chooser.setFiles(folder)
  }

  get openFiles(): Locator {
    return this.dialog.getByRole('button', { name: 'Open', exact: true })
  }

  /** Waits until the model of that name answers. */
  async ready(name: RegExp): Promise<void> {
    // The model before answers until this one runs.
    await expect(this.chip).toContainText(name, { timeout: READY_MS })
    await expect(this.chip).toContainText('Ready', { timeout: READY_MS })
    await expect(this.page.locator('section[aria-busy="true"]')).toHaveCount(0)
  }

  /** Candidates of the first list, likeliest first, with their probabilities. */
  async candidates(): Promise<readonly { readonly label: string; readonly probability: number }[]> {
    const table = this.page
      .getByRole('table')
      .filter({ has: this.page.getByRole('columnheader', { name: 'Probability' }) })
      .first()
    return table.locator('tbody tr').evaluateAll((rows) =>
      rows.map((row) => ({
        label: row.querySelector('th')?.textContent ?? '',
        probability: Number(row.querySelector('td')?.textContent ?? 'NaN'),
      })),
    )
  }
}
