import { Checkbox } from 'react-aria-components'

export interface CheckFieldProps {
  readonly label: string
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
}

/** A setting that is on or off. */
export function CheckField({ label, isSelected, onChange }: CheckFieldProps) {
  return (
    <Checkbox className="ui-check" isSelected={isSelected} onChange={onChange}>
      <span className="ui-check-box" aria-hidden="true" />
      {label}
    </Checkbox>
  )
}
