import type { ReactNode } from 'react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components'
import { Icon, type IconName } from '../icon.tsx'
import type { Inherited } from './inherited.ts'

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
