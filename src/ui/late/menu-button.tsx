import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components'
import { Icon } from '../icon.tsx'
import type { MenuButtonProps } from '../menu-button.tsx'
import type { Inherited } from './use-late.ts'

/** A button that opens a menu of actions. */
export function LateMenuButton({
  label,
  icon,
  text,
  look = 'quiet',
  entries,
  onChoose,
  inherited,
}: MenuButtonProps & { readonly inherited: Inherited }) {
  return (
    <MenuTrigger defaultOpen={inherited.isOpen}>
      <AriaButton
        autoFocus={inherited.isFocused}
        className={`ui-button ui-button-${look}${text === undefined ? ' ui-button-icon' : ''}`}
        {...(text === undefined ? { 'aria-label': label } : {})}
      >
        {icon && <Icon name={icon} />}
        {text}
      </AriaButton>
      <Popover className="ui-popover ui-popover-list">
        <Menu className="ui-list" aria-label={label} onAction={(key) => onChoose(String(key))}>
          {entries.map(({ id, text: entry, detail }) => (
            <MenuItem key={id} id={id} className="ui-list-item" textValue={entry}>
              <Text slot="label">{entry}</Text>
              {detail && (
                <Text slot="description" className="ui-list-detail">
                  {detail}
                </Text>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
