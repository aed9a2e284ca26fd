// One row: what is attributed, by which methods, and how it is drawn.

import { TargetFields } from '#panels/shared/target-fields.tsx'
import { MethodsPopover } from './methods-popover.tsx'
import { RowsPopover } from './rows-popover.tsx'
import { TokensPopover } from './tokens-popover.tsx'

export function AttributionControls() {
  return (
    <div className="attribution-controls">
      <TargetFields />
      <MethodsPopover />
      <RowsPopover />
      <TokensPopover />
    </div>
  )
}
