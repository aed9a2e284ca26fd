import { TextField as AriaTextField, Input, Label } from 'react-aria-components'

export interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  readonly onChange: (value: string) => void
}

/** A labelled line of text. */
export function TextField({ label, value, placeholder, onChange }: TextFieldProps) {
  return (
    <AriaTextField className="ui-text-field" value={value} onChange={onChange}>
      <Label className="ui-label">{label}</Label>
      <Input className="ui-input" {...(placeholder === undefined ? {} : { placeholder })} />
    </AriaTextField>
  )
}
