import type { ReactNode } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components'
import { Icon, type IconName } from '../icon.tsx'
import type { Inherited } from './inherited.ts'

export interface PopoverButtonProps {
  readonly title: string
  readonly icon?: IconName
  /** The button's text; without it the title names the button. */
  readonly text?: ReactNode
  readonly look?: 'plain' | 'quiet'
  readonly children: ReactNode
}

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
