import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { StandIn } from './late/stand-in.tsx'
import { useLate } from './late/use-late.ts'

export interface MenuEntry {
  readonly id: string
  readonly text: string
  readonly detail?: string
}

export interface MenuButtonProps {
  readonly label: string
  readonly icon?: IconName
  /** The button's text; without it the label names the button. */
  readonly text?: ReactNode
  readonly look?: 'plain' | 'quiet'
  readonly entries: readonly MenuEntry[]
  readonly onChoose: (id: string) => void
}

/** A button that opens a menu of actions. */
export function MenuButton(props: MenuButtonProps) {
  const { label, icon, text, look = 'quiet' } = props
  const { widgets, inherited, trigger, press } = useLate()
  if (widgets) return <widgets.MenuButton {...props} inherited={inherited} />
  return (
    <StandIn
      trigger={trigger}
      className={`ui-button ui-button-${look}${text === undefined ? ' ui-button-icon' : ''}`}
      popup="menu"
      {...(text === undefined ? { label } : {})}
      onPress={press}
    >
      {icon && <Icon name={icon} />}
      {text}
    </StandIn>
  )
}
