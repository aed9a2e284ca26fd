import type { ReactNode } from 'react'
import { Button as AriaButton, Tooltip, TooltipTrigger } from 'react-aria-components'
import { Icon, type IconName } from './icon.tsx'

export interface ButtonProps {
  readonly children?: ReactNode
  readonly icon?: IconName
  /** Needed where there is no text; also shown as a tooltip. */
  readonly label?: string
  readonly look?: 'plain' | 'quiet' | 'primary'
  readonly isDisabled?: boolean
  readonly onPress?: () => void
}

/** A button with a text, an icon, or both. */
export function Button({ children, icon, label, look = 'plain', isDisabled = false, onPress }: ButtonProps) {
  const button = (
    <AriaButton
      className={`ui-button ui-button-${look}${children === undefined ? ' ui-button-icon' : ''}`}
      isDisabled={isDisabled}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(onPress === undefined ? {} : { onPress })}
    >
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  )
  if (label === undefined) return button
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      {button}
      <Tooltip className="ui-tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  )
}
