import { Icon } from './icon.tsx'
import type { DialogButtonProps } from './late/dialog-button.tsx'
import { StandIn } from './late/stand-in.tsx'
import { useLate } from './late/use-late.ts'

/** A button that opens a dialog over the page. */
export function DialogButton(props: DialogButtonProps) {
  const { icon, text, onOpenChange } = props
  const { widgets, inherited, trigger, press } = useLate()
  if (widgets) return <widgets.DialogButton {...props} inherited={inherited} />
  const open = (): void => {
    press()
    onOpenChange(true)
  }
  return (
    <StandIn trigger={trigger} className="ui-button ui-button-plain" popup="dialog" onPress={open}>
      {icon && <Icon name={icon} />}
      {text}
    </StandIn>
  )
}
