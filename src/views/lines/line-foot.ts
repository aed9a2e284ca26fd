// Under a chart of lines: the strongest partners of the token in focus, how many lines are not drawn, and the legend.

import type { Palette } from '../kit/colour.ts'
import { paintLegend } from '../kit/legend.ts'
import type { Link, Links } from '../kit/pairs.ts'
import { drawReadout, type ReadoutPart } from '../kit/readout.ts'
import { footWidth, type Slot, slot } from '../kit/slot.ts'
import { type Focus, type LineData, type LineOptions, partnersOf } from './lines.ts'

/** Readout, number of hidden lines and legend under a chart of lines. */
export function drawLineFoot<Words extends string>(
  root: Slot<HTMLDivElement>,
  data: LineData,
  options: LineOptions<Words>,
  links: Links,
  focus: Focus | null,
  width: number,
  palette: Palette,
): void {
  const foot = slot(root, 'div', 'is-foot').style('max-width', footWidth(width))
  drawReadout(slot(foot, 'p', 'is-readout'), focus === null ? [] : partnerParts(data, options, links.drawn, focus))
  slot(foot, 'span', 'is-side-note')
    .attr('hidden', links.hidden === 0 ? '' : null)
    .text(`${links.hidden.toLocaleString('en')} ${options.words.hidden}`)
  const legend = slot(foot, 'div', 'is-legend-place').node()
  if (legend === null) return
  const chips = data.heads.filter((head) => head.colour !== null)
  paintLegend(
    legend,
    { scale: chips.length > 0 && options.scale.kind === 'attention' ? null : options.scale, heads: chips },
    { unit: options.words.unit ?? '', note: options.words.note ?? '', gamma: 1, format: options.format },
    palette,
  )
}

function partnerParts<Words extends string>(
  data: LineData,
  options: LineOptions<Words>,
  drawn: readonly Link[],
  focus: Focus,
): readonly ReadoutPart[] {
  const { side, partners } = partnersOf(drawn, focus)
  const [own, others] = side === 'query' ? [data.tokens, data.keys] : [data.keys, data.tokens]
  return [
    { kind: 'token', text: own[focus.index]?.label ?? '' },
    ...partners.flatMap((link, index): readonly ReadoutPart[] => [
      { kind: 'quiet', text: index > 0 ? '·' : side === 'query' ? '→' : '←' },
      { kind: 'token', text: others[side === 'query' ? link.column : link.row]?.label ?? '' },
      { kind: 'value', text: options.format(link.value) },
    ]),
  ]
}
