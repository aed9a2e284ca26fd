// The line that tells the exact value under the pointer or the keyboard, outside the drawing so that it hides nothing.

import type { Slot } from './slot.ts'

export interface ReadoutPart {
  readonly kind: 'token' | 'plain' | 'quiet' | 'value'
  readonly text: string
}

/** Fills the line; it keeps its height when empty. Changes are announced politely. */
export function drawReadout<Kind extends HTMLElement>(line: Slot<Kind>, parts: readonly ReadoutPart[]): void {
  line
    .attr('aria-live', 'polite')
    .attr('aria-atomic', 'true')
    .selectAll<HTMLSpanElement, ReadoutPart>('span')
    .data(parts)
    .join('span')
    .attr('class', (part) => `is-readout-${part.kind}`)
    .text((part) => part.text)
}
