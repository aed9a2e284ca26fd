import { Button as AriaButton, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components'
import { Icon } from '../icon.tsx'
import type { PopoverButtonProps } from '../popover-button.tsx'
import type { Inherited } from './use-late.ts'

/** A button that opens a small panel beside it. */
export function LatePopoverButton({
  title,
  icon,
  text,
  look = 'quiet',
  children,
  inherited,
}: PopoverButtonProps & { readonly inherited: Inherited }) {
  return (
    <DialogTrigger defaultOpen={inherited.isOpen}>
      <AriaButton
        autoFocus={inherited.isFocused}
        className={`ui-button ui-button-${look}${text === undefined ? ' ui-button-icon' : ''}`}
        {...(text === undefined ? { 'aria-label': title } : {})}
      >
        {icon && <Icon name={icon} />}
        {text}
      </AriaButton>
      <Popover className="ui-popover" placement="bottom end">
        <Dialog className="ui-dialog">
          <Heading slot="title" className="ui-dialog-title">
            {title}
          </Heading>
          {children}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
