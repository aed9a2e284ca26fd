// What every chart shares: a pure `draw(element, data, options)`, called again whenever data or options change.

/** Draws into `element`, or updates what an earlier call drew there. Never keeps state outside the element. */
export type Chart<Data, Options> = (element: HTMLElement, data: Data, options: Options) => void

/** A token as an axis label. */
export interface AxisToken {
  readonly label: string
  /** Drawn quieter: [CLS], [SEP], padding. */
  readonly special: boolean
  /** A mark the reader should see: the token was put there by an edit, or differs from its partner. */
  readonly changed: boolean
  /** No token stands here on this side of an alignment. */
  readonly gap: boolean
}

/** A place on an axis that is no token. */
export function axisName(label: string): AxisToken {
  return { label, special: false, changed: false, gap: false }
}

/** A cell of a token x token matrix: query row, key column. */
export interface Cell {
  readonly row: number
  readonly column: number
}

/** How values become colours. `attention`: 0..max, one sequential hue. `difference`: -max..max, one diverging pair. */
export interface ColourScale {
  readonly kind: 'attention' | 'difference'
  /** Value at the strong end, 0 < max. */
  readonly max: number
}

/** Words a chart needs; the panel passes them in the page's language. */
export type ChartWords<Key extends string> = Readonly<Record<Key, string>>
