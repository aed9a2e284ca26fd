import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { StandIn } from './late/stand-in.tsx'
import { useLate } from './late/use-late.ts'

export interface PopoverButtonProps {
  readonly title: string
  readonly icon?: IconName
  /** The button's text; without it the title names the button. */
  readonly text?: ReactNode
  readonly look?: 'plain' | 'quiet'
  readonly children: ReactNode
}

/** A button that opens a small panel beside it. */
export function PopoverButton(props: PopoverButtonProps) {
  const { title, icon, text, look = 'quiet' } = props
  const { widgets, inherited, trigger, press } = useLate()
  if (widgets) return <widgets.PopoverButton {...props} inherited={inherited} />
  return (
    <StandIn
      trigger={trigger}
      className={`ui-button ui-button-${look}${text === undefined ? ' ui-button-icon' : ''}`}
      popup="dialog"
      {...(text === undefined ? { label: title } : {})}
      onPress={press}
    >
      {icon && <Icon name={icon} />}
      {text}
    </StandIn>
  )
}
