// Token labels on an axis: how wide they are, how they are cut, and which of them fit. Widths are estimated rather than
// measured: measuring forces a layout for every label, and the labels are set in a monospaced face.

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u
const plain = /^[\x20-\x7e]*$/
const invisible = /^\p{Mark}+$/u

/** Characters as a reader counts them. */
export function graphemesOf(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), (part) => part.segment)
}

function advance(grapheme: string): number {
  if (invisible.test(grapheme)) return 0
  if (emoji.test(grapheme)) return 1.3
  return wide.test(grapheme) ? 1 : 0.6
}

/** Width of a label in CSS pixels at `fontSize`, in the monospaced face. */
export function labelWidth(text: string, fontSize: number): number {
  if (plain.test(text)) return text.length * 0.6 * fontSize
  return graphemesOf(text).reduce((sum, grapheme) => sum + advance(grapheme), 0) * fontSize
}

/** The label, cut with an ellipsis where it would be wider than `width` CSS pixels. */
export function cutLabel(text: string, width: number, fontSize: number): string {
  if (labelWidth(text, fontSize) <= width) return text
  let room = width / fontSize - advance('…')
  let cut = ''
  for (const grapheme of graphemesOf(text)) {
    room -= advance(grapheme)
    if (room < 0) break
    cut += grapheme
  }
  return `${cut}…`
}

/** A label for one line: spaces and line breaks that would be invisible are shown. */
export function showSpaces(text: string): string {
  if (text === '') return '∅'
  return text
    .replaceAll('\n', '↵')
    .replaceAll('\t', '⇥')
    .replace(/^ +| +$/g, (spaces) => '·'.repeat(spaces.length))
}

/** Middle of the label of a cell, CSS pixels along the axis: the cell's, but `half` from the ends, so that nothing is cut. */
export function labelPlace(index: number, count: number, cell: number, half: number): number {
  return Math.max(half, Math.min(Math.max(half, count * cell - half), (index + 0.5) * cell))
}

/**
 * Which labels to draw along an axis of `count` cells of `cell` CSS pixels, `room` pixels each at least: every n-th, and
 * always those in `pinned`, which push their neighbours away.
 */
export function fittingLabels(count: number, cell: number, room: number, pinned: readonly number[]): readonly number[] {
  const place = (index: number): number => labelPlace(index, count, cell, room / 2)
  const pins = pinned.filter((pin) => pin < count)
  const shown: number[] = []
  let last = Number.NEGATIVE_INFINITY
  for (let index = 0; index < count; index += 1) {
    const at = place(index)
    const free = at - last >= room && pins.every((pin) => Math.abs(place(pin) - at) >= room)
    if (!free && !pins.includes(index)) continue
    shown.push(index)
    last = at
  }
  return shown
}
