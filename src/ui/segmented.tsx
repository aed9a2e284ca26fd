import { memo } from 'react'
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { useNewest, useSame } from './use-same.tsx'

export interface SegmentedProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly text: string; readonly isDisabled?: boolean }[]
  readonly onChange: (value: Value) => void
}

/** A row of choices of which exactly one holds. */
export function Segmented<Value extends string>({ options, onChange, ...others }: SegmentedProps<Value>) {
  return <KeptRow {...others} options={useSame(options)} onChange={useNewest(onChange)} />
}

const KeptRow = memo(Row) as typeof Row

function Row<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  return (
    <ToggleButtonGroup
      className="ui-segmented"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.value))
        if (chosen) onChange(chosen.value)
      }}
    >
      {options.map((option) => (
        <ToggleButton key={option.value} id={option.value} className="ui-segment" isDisabled={option.isDisabled ?? false}>
          {option.text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
