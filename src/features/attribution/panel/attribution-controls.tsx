// One row: what is attributed, by which methods, and how it is drawn.

import { memo } from 'react'
import { TargetFields } from '#panels/shared/target-fields.tsx'
import { MethodsPopover } from './methods-popover.tsx'
import { RowsPopover } from './rows-popover.tsx'
import { TokensPopover } from './tokens-popover.tsx'

/** Not drawn again with every value. */
export const AttributionControls = memo(function AttributionControls() {
  return (
    <div className="attribution-controls">
      <TargetFields />
      <MethodsPopover />
      <RowsPopover />
      <TokensPopover />
    </div>
  )
})
