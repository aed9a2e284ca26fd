// The page's own fonts inside a file: an SVG that is opened elsewhere, or as an image, reaches no style sheet.

/** A face of a style sheet that a text needs. */
interface Face {
  readonly css: string
  /** Address of the font file. */
  readonly url: string
}

/**
 * @font-face rules, with their files as data, of the families and characters that a drawing uses. Fonts that the page does not bring
 * along, such as those of Chinese, are left to the names that follow in each font list: all end in a generic family.
 * @param text all characters of the drawing
 * @param families as they stand in font lists
 */
export async function embeddedFonts(text: string, families: readonly string[]): Promise<string> {
  const points = new Set(Array.from(text, (character) => character.codePointAt(0) ?? 0))
  const faces = Array.from(document.styleSheets).flatMap((sheet) => facesOf(sheet, families, points))
  const rules = await Promise.all(faces.map(async ({ css, url }) => css.replace(/url\([^)]*\)/, `url(${await dataUrl(url)})`)))
  return rules.join('\n')
}

function facesOf(sheet: CSSStyleSheet, families: readonly string[], points: ReadonlySet<number>): readonly Face[] {
  return rulesOf(sheet).flatMap((rule): readonly Face[] => {
    if (!(rule instanceof CSSFontFaceRule)) return []
    const family = rule.style.getPropertyValue('font-family').replaceAll(/["']/g, '')
    const range = rule.style.getPropertyValue('unicode-range')
    const [, address = ''] = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue('src')) ?? []
    if (address === '' || !families.some((list) => list.includes(family)) || !covers(range, points)) return []
    return [{ css: rule.cssText, url: new URL(address, sheet.href ?? document.baseURI).href }]
  })
}

/** Sheets of other origins keep their rules to themselves. */
function rulesOf(sheet: CSSStyleSheet): readonly CSSRule[] {
  try {
    return Array.from(sheet.cssRules)
  } catch {
    return []
  }
}

/** Whether a face's `unicode-range` has one of the characters; a face without a range has them all. */
export function covers(range: string, points: ReadonlySet<number>): boolean {
  if (range === '') return true
  const parts = range.split(',').map((part) => {
    const [from = '', to = from] = part.trim().replace(/^U\+/i, '').split('-')
    return [Number.parseInt(from.replaceAll('?', '0'), 16), Number.parseInt(to.replaceAll('?', 'F'), 16)] as const
  })
  return Array.from(points).some((point) => parts.some(([from, to]) => point >= from && point <= to))
}

async function dataUrl(url: string): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return `data:font/woff2;base64,${btoa(text)}`
}
