import type { TokenRow } from '#views/matrix/token-rows'
import type { PaneRows } from './rows.ts'

/** What every chart of a pane is given. */
export interface AttributionChartProps {
  readonly shown: PaneRows
  /** The panes on screen: one scale joins them. */
  readonly all: readonly PaneRows[]
  /** Of the methods, in the order of the rows. */
  readonly names: readonly TokenRow[]
}
