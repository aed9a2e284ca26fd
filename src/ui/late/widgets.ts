// What opens on a press, in one chunk.

import { LateDialogButton } from './dialog-button.tsx'
import { LateMenuButton } from './menu-button.tsx'
import { LatePopoverButton } from './popover-button.tsx'
import { LateSelectBox } from './select-box.tsx'

export const LATE_WIDGETS = {
  DialogButton: LateDialogButton,
  MenuButton: LateMenuButton,
  PopoverButton: LatePopoverButton,
  SelectBox: LateSelectBox,
}

export type LateWidgets = typeof LATE_WIDGETS
