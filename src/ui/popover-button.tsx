import { Icon } from './icon.tsx'
import type { PopoverButtonProps } from './late/popover-button.tsx'
import { StandIn } from './late/stand-in.tsx'
import { useLate } from './late/use-late.ts'

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
