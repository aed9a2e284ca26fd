import { Icon } from './icon.tsx'
import type { MenuButtonProps } from './late/menu-button.tsx'
import { StandIn } from './late/stand-in.tsx'
import { useLate } from './late/use-late.ts'

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
