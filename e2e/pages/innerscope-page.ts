// The page as a reader meets it: found by role and name, read in the numbers that it shows.
import { expect, type Locator, type Page } from '@playwright/test'

export type Side = 'A' | 'B'
export type Chart = 'Heatmap' | 'Flow' | 'Arcs' | 'One token'

export interface Numbers {
  readonly negative: number
  readonly positive: number
}

/** A matrix as its table tells it: what looks, what is looked at, and the text of every cell. */
export interface ShownMatrix {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly cells: readonly (readonly string[])[]
}

/** A link of the first version: the attention of head 3.1, with nothing set aside. */
export const ATTENTION = 'v=attention'

/** The field lies over the tokens, and hands on what is pressed. */
export const THROUGH_FIELD = { force: true } as const

/** A model of 24 MB on a busy machine. */
const LIVE_MS = 60_000

export class InnerscopePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens the page, or a link to it (the part after `#`), and waits for the first tokens. */
  async open(link = '', address = './'): Promise<void> {
    await this.page.goto(`${address}${link === '' ? '' : `#${link}`}`)
    await expect(this.tokens().first()).toBeVisible({ timeout: LIVE_MS })
  }

  /** Opens the page and waits until the model itself answers. */
  async openLive(link = '', address = './'): Promise<void> {
    await this.open(link, address)
    await this.live()
  }

  /** Waits until the model runs and what stands on the page is its answer. */
  async live(): Promise<void> {
    await expect(this.modelChip).toContainText('Ready', { timeout: LIVE_MS })
    await expect(this.precomputedTag).toHaveCount(0)
    await this.settled()
  }

  /** Waits until no side is running. */
  async settled(): Promise<void> {
    await expect(this.page.locator('section[aria-busy="true"]')).toHaveCount(0)
  }

  // The sentence

  side(side: Side = 'A'): Locator {
    return this.page
      .getByRole('region', { name: new RegExp(`^Sentence( ${side})?$`) })
      .filter({ has: this.strip(side) })
      .last()
  }

  field(side?: Side): Locator {
    return this.page.getByRole('textbox', { name: side ? `Sentence ${side}` : 'Sentence', exact: true })
  }

  strip(side: Side = 'A'): Locator {
    return this.page.getByRole('toolbar', { name: `Tokens of sentence ${side}` })
  }

  tokens(side: Side = 'A'): Locator {
    return this.strip(side).getByRole('button')
  }

  /** The tokens' own texts, in order. */
  async tokenTexts(side: Side = 'A'): Promise<readonly string[]> {
    const names = await this.tokens(side).evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''))
    return names.map((name) => name.replace(/, [+−]?[\d.,]+(\s?%)?$/, ''))
  }

  token(index: number, side: Side = 'A'): Locator {
    return this.tokens(side).nth(index)
  }

  /** The token whose text this is; the first of equal ones. */
  async indexOf(text: string, side: Side = 'A'): Promise<number> {
    const index = (await this.tokenTexts(side)).indexOf(text)
    expect(index, `a token "${text}"`).toBeGreaterThanOrEqual(0)
    return index
  }

  async choose(text: string, side: Side = 'A'): Promise<void> {
    // Of two sentences on one line the one that is typed in is seen.
    await this.field().or(this.field(side)).focus()
    await this.token(await this.indexOf(text, side), side).click(THROUGH_FIELD)
  }

  /** What can be done to the chosen token. */
  tool(name: 'Mask' | 'Delete' | 'Replace' | 'Duplicate' | 'Swap with next'): Locator {
    return this.page.getByRole('group', { name: /^Change the token/ }).getByRole('button', { name, exact: true })
  }

  /** Puts a text in place of what was typed and waits for its answer. */
  async type(text: string, side?: Side): Promise<void> {
    await this.field(side).fill(text)
    await this.settled()
  }

  // The prediction

  private async barNumbers(unit: 'Probability' | 'Logit', side: Side, column: 1 | 2): Promise<Numbers> {
    const tablesIn = (part: Locator): Locator =>
      part.getByRole('table').filter({ has: this.page.getByRole('columnheader', { name: unit }) })
    const own = tablesIn(this.side(side))
    // On one line A and B have one table.
    const isShared = (await own.count()) === 0
    const table = isShared ? tablesIn(this.page.getByRole('region', { name: 'Sentence', exact: true })) : own
    const read = async (label: string): Promise<number> => {
      const row = table.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: label }) })
      return numberOf(
        await row
          .getByRole('cell')
          .nth(isShared && side === 'B' ? 1 : column - 1)
          .textContent(),
      )
    }
    return { negative: await read('negative'), positive: await read('positive') }
  }

  probabilities(side: Side = 'A'): Promise<Numbers> {
    return this.barNumbers('Probability', side, 1)
  }

  /** The probabilities of what the side is compared with. */
  comparedProbabilities(side: Side = 'A'): Promise<Numbers> {
    return this.barNumbers('Probability', side, 2)
  }

  logits(side: Side = 'A'): Promise<Numbers> {
    return this.barNumbers('Logit', side, 1)
  }

  // Heads and charts

  get grid(): Locator {
    return this.page.getByRole('listbox', { name: /^Grid of/ })
  }

  /** A head of the grid, both counted from 1. */
  head(layer: number, head: number): Locator {
    return this.grid.getByRole('option', { name: `Layer ${layer}, head ${head}`, exact: true })
  }

  /** Clicks a head where its picture is drawn. */
  async chooseHead(layer: number, head: number, modifiers: ('Shift' | 'Control')[] = []): Promise<void> {
    const box = await this.grid.boundingBox()
    if (!box) throw new Error('the grid is not on screen')
    // The pictures fill the grid from its lower right corner: the numbers of layers and heads stand above and to the left.
    const at = await this.grid.evaluate(
      (stage, [row, column]) => {
        const labels = Array.from(stage.querySelectorAll<SVGTextElement>('svg text'))
        const rowLabel = labels
          .filter((label) => label.textContent === String(row))
          .at(0)
          ?.getBoundingClientRect()
        const columnLabel = labels
          .filter((label) => label.textContent === String(column))
          .at(-1)
          ?.getBoundingClientRect()
        const own = stage.getBoundingClientRect()
        return {
          x: columnLabel ? columnLabel.left + columnLabel.width / 2 - own.left : 0,
          y: rowLabel ? rowLabel.top + rowLabel.height / 2 - own.top : 0,
        }
      },
      [layer, head] as const,
    )
    await this.grid.click({ position: at, modifiers })
    await expect(this.head(layer, head)).toHaveAttribute('aria-selected', 'true')
  }

  async showChart(chart: Chart): Promise<void> {
    await this.radio('Chart', chart).click()
    await expect(this.radio('Chart', chart)).toBeChecked()
  }

  radio(group: string, name: string): Locator {
    return this.page.getByRole('radiogroup', { name: group, exact: true }).getByRole('radio', { name, exact: true })
  }

  async showPane(name: string): Promise<void> {
    await this.radio('What the charts show', name).click()
  }

  get panes(): Locator {
    return this.page.getByRole('region', { name: 'Chart', exact: true }).getByRole('figure')
  }

  heatmap(pane = 0): Locator {
    return this.panes.nth(pane).getByRole('application', { name: /^Attention heatmap/ })
  }

  /** The matrix of a pane, as its table tells it to a screen reader (up to 12 tokens a side). */
  matrix(pane = 0): Promise<ShownMatrix> {
    return this.panes
      .nth(pane)
      .getByRole('table')
      .evaluate((table) => {
        const texts = (parent: Element, selector: string): string[] =>
          Array.from(parent.querySelectorAll(selector), (cell) => cell.textContent ?? '')
        const rows = Array.from(table.querySelectorAll('tbody tr'))
        return {
          columns: texts(table, 'thead th').slice(1),
          rows: rows.map((row) => texts(row, 'th')[0] ?? ''),
          cells: rows.map((row) => texts(row, 'td')),
        }
      })
  }

  /** A cell of the heatmap, clicked where it is drawn. */
  async chooseCell(row: number, column: number, pane = 0): Promise<void> {
    await this.heatmap(pane).click({ position: await this.cellCentre(row, column, pane) })
  }

  async cellCentre(row: number, column: number, pane = 0): Promise<{ readonly x: number; readonly y: number }> {
    const { rows, columns } = await this.matrix(pane)
    const box = await this.heatmap(pane).boundingBox()
    if (!box) throw new Error('the heatmap is not on screen')
    return { x: ((column + 0.5) * box.width) / columns.length, y: ((row + 0.5) * box.height) / rows.length }
  }

  /** The line under a pane's chart that tells the exact value pointed at. */
  readout(pane = 0): Locator {
    return this.panes.nth(pane).locator('[aria-live="polite"]').first()
  }

  get ranking(): Locator {
    return this.page.getByRole('listbox', { name: 'Next by change' })
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: 'Inspector' })
  }

  // Bar, notices, history

  get modelChip(): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: /MiniLM/ })
  }

  get backendChip(): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: /WASM|WebGPU/ })
  }

  get precomputedTag(): Locator {
    return this.page.getByText('precomputed', { exact: true })
  }

  notice(text: string | RegExp): Locator {
    return this.page.getByRole('status').filter({ hasText: text }).last()
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  get historyDots(): Locator {
    return this.page.getByRole('navigation', { name: 'History of inputs' }).getByRole('listitem').getByRole('button')
  }

  /** Opens a select by its label and takes an option. */
  async select(label: string, option: string): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`${label}$`) }).click()
    await this.page.getByRole('option', { name: option, exact: true }).click()
  }

  async menu(button: string | RegExp, item: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: button }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }
}

/** A number as the page writes it: with a true minus, or with a sign. */
export function numberOf(text: string | null | undefined): number {
  return Number((text ?? '').replaceAll('−', '-').replace('+', ''))
}

/** Probabilities [negative, positive] of two logits. */
export function softmax([negative = 0, positive = 0]: readonly number[]): Numbers {
  const odds = Math.exp(positive - negative)
  return { negative: 1 / (1 + odds), positive: odds / (1 + odds) }
}
