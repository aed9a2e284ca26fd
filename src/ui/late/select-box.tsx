import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'
import { Icon } from '../icon.tsx'
import type { Inherited } from './inherited.ts'

export interface SelectBoxProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly text: string }[]
  readonly onChange: (value: Value) => void
}

/** A labelled choice from a list. */
export function LateSelectBox<Value extends string>({
  label,
  value,
  options,
  onChange,
  inherited,
}: SelectBoxProps<Value> & { readonly inherited: Inherited }) {
  return (
    <Select
      defaultOpen={inherited.isOpen}
      className="ui-select"
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key)
        if (chosen) onChange(chosen.value)
      }}
    >
      <Label className="ui-label">{label}</Label>
      <Button autoFocus={inherited.isFocused} className="ui-button ui-button-plain">
        <SelectValue />
        <Icon name="down" />
      </Button>
      <Popover className="ui-popover ui-popover-list">
        <ListBox className="ui-list">
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} className="ui-list-item" textValue={option.text}>
              {option.text}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  )
}
