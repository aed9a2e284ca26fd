import type { ReactNode, RefObject } from 'react'
import { Button as AriaButton } from 'react-aria-components'

export interface StandInProps {
  readonly trigger: RefObject<HTMLButtonElement | null>
  readonly className: string
  /** What the button will open. */
  readonly popup: 'menu' | 'listbox' | 'dialog'
  readonly label?: string
  readonly labelledBy?: string
  readonly onPress: () => void
  readonly children: ReactNode
}

/** The button of a widget whose code is still to come. */
export function StandIn({ trigger, className, popup, label, labelledBy, onPress, children }: StandInProps) {
  return (
    <AriaButton
      ref={trigger}
      className={className}
      aria-haspopup={popup}
      aria-expanded={false}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(labelledBy === undefined ? {} : { 'aria-labelledby': labelledBy })}
      onPress={onPress}
    >
      {children}
    </AriaButton>
  )
}
