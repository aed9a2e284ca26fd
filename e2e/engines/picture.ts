// What a chart looks like on screen, pixel by pixel: a table may hold values that nobody sees.
import { PNG } from 'pngjs'
import { type EnginePage, until } from './engine-page.ts'

type Colour = readonly [number, number, number]

/** A place on screen, CSS pixels, and the colour that should be there. */
interface Place {
  readonly x: number
  readonly y: number
  readonly colour: Colour
}

/** A transition takes 150 ms, and ends before this. */
const MOVED_MS = 10_000
/** A line's middle is a fraction of a pixel away from the nearest one. */
const NEAR = [-1, 0, 1]

/**
 * Waits until every cell of a chart's matrices that is on screen has its colour there.
 * @param matrix of several matrices that do not fit on screen together, the one to look at, from 0
 * @returns how many cells that are, and how many colours
 * @throws naming the cells that have not
 */
export async function drawnCells(
  page: EnginePage,
  chart: string,
  matrix: number | null = null,
): Promise<{ readonly cells: number; readonly colours: number }> {
  let wrong: readonly string[] = []
  const found = await until(
    'cells as they should be',
    async () => {
      const places = await page.evaluate(cellsInPage, { chart, matrix })
      const picture = PNG.sync.read(await page.screenshot())
      wrong = places
        .filter((place) => !isLike(colourAt(picture, place), place.colour))
        .map(({ x, y, colour }) => `${x},${y} is not ${colour}`)
      return (
        places.length > 0 &&
        wrong.length === 0 && { cells: places.length, colours: new Set(places.map(({ colour }) => colour.join())).size }
      )
    },
    MOVED_MS,
  ).catch((error: unknown) => {
    throw new Error(`${error}: ${wrong.slice(0, 12).join('; ') || 'none is on screen'}`)
  })
  return found
}

/**
 * Waits until every line of a chart whose middle is on screen is seen there.
 * @returns how many lines that are
 * @throws with how many were not seen
 */
export async function drawnLines(page: EnginePage, chart: string): Promise<number> {
  let unseen = 0
  return until(
    'lines as they should be',
    async () => {
      const { places, surface } = await page.evaluate(linesInPage, chart)
      const picture = PNG.sync.read(await page.screenshot())
      const isSeen = ({ x, y }: { readonly x: number; readonly y: number }): boolean =>
        NEAR.some((dx) => NEAR.some((dy) => !isLike(colourAt(picture, { x: x + dx, y: y + dy }), surface)))
      unseen = places.filter((place) => !isSeen(place)).length
      return unseen === 0 && places.length > 0 && places.length
    },
    MOVED_MS,
  ).catch((error: unknown) => {
    throw new Error(`${error}: ${unseen} lines are not seen`)
  })
}

/** How many colours an element has on screen. */
export async function coloursOf(page: EnginePage, css: string): Promise<number> {
  const box = await page.evaluate((selector) => {
    const { left, top, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect()
    return { left, top, right: Math.min(innerWidth, left + width), bottom: Math.min(innerHeight, top + height) }
  }, css)
  const picture = PNG.sync.read(await page.screenshot())
  const colours = new Set<string>()
  for (let y = Math.max(0, Math.ceil(box.top)); y < Math.floor(box.bottom); y++)
    for (let x = Math.max(0, Math.ceil(box.left)); x < Math.floor(box.right); x++) colours.add(colourAt(picture, { x, y }).join())
  return colours.size
}

function colourAt({ data, width }: PNG, { x, y }: { readonly x: number; readonly y: number }): Colour {
  const at = 4 * (Math.round(y) * width + Math.round(x))
  return [data[at] ?? -1, data[at + 1] ?? -1, data[at + 2] ?? -1]
}

function isLike(one: Colour, other: Colour): boolean {
  return one.every((part, index) => Math.abs(part - (other[index] ?? 0)) <= 6)
}

/** In the page: cells with a value, a little off their middle, where no crosshair runs. */
function cellsInPage({ chart, matrix }: { readonly chart: string; readonly matrix: number | null }): readonly Place[] {
  const all = Array.from(document.querySelectorAll(`${chart} .is-cells`))
  const seen = matrix === null ? all : all.slice(matrix, matrix + 1)
  seen[0]?.scrollIntoView({ block: 'center', behavior: 'instant' })
  const places: Place[] = []
  for (const cell of seen.flatMap((cells) => Array.from(cells.querySelectorAll('rect:not([fill-opacity="0"])')))) {
    const box = cell.getBoundingClientRect()
    const [x, y] = [Math.round(box.left + 0.3 * box.width), Math.round(box.top + 0.3 * box.height)]
    const hex = /^#(..)(..)(..)$/.exec(cell.getAttribute('fill') ?? '')
    if (hex === null || box.width < 4 || !document.elementFromPoint(x, y)?.closest('.is-plot')) continue
    places.push({ x, y, colour: [1, 2, 3].map((part) => Number.parseInt(hex[part] ?? '', 16)) as unknown as Colour })
  }
  return places
}

/** In the page: the middles of a chart's lines, and the colour behind them. */
function linesInPage(chart: string): { readonly places: readonly { readonly x: number; readonly y: number }[]; readonly surface: Colour } {
  document.querySelector(`${chart} .is-lines`)?.scrollIntoView({ block: 'center', behavior: 'instant' })
  const places = Array.from(document.querySelectorAll<SVGPathElement>(`${chart} g.is-base path`), (path) => {
    const middle = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM() ?? undefined)
    return { x: Math.round(middle.x), y: Math.round(middle.y) }
  }).filter(({ x, y }) => x > 1 && y > 1 && x < innerWidth - 1 && y < innerHeight - 60)
  const parts = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)?.map(Number) ?? []
  return { places, surface: [parts[0] ?? 255, parts[1] ?? 255, parts[2] ?? 255] }
}
