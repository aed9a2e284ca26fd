import { memo, useId } from 'react'
import { Icon } from './icon.tsx'
import type { SelectBoxProps } from './late/select-box.tsx'
import { StandIn } from './late/stand-in.tsx'
import { useLate } from './late/use-late.ts'
import { useNewest, useSame } from './use-same.tsx'

/** A labelled choice from a list. */
export function SelectBox<Value extends string>({ options, onChange, ...others }: SelectBoxProps<Value>) {
  return <KeptBox {...others} options={useSame(options)} onChange={useNewest(onChange)} />
}

const KeptBox = memo(Box) as typeof Box

function Box<Value extends string>(props: SelectBoxProps<Value>) {
  const { label, value, options } = props
  const id = useId()
  const { widgets, inherited, trigger, press } = useLate()
  if (widgets) return <widgets.SelectBox {...props} inherited={inherited} />
  return (
    <div className="ui-select">
      <span className="ui-label" id={`${id}-label`}>
        {label}
      </span>
      <StandIn
        trigger={trigger}
        className="ui-button ui-button-plain"
        popup="listbox"
        labelledBy={`${id}-value ${id}-label`}
        onPress={press}
      >
        <span id={`${id}-value`}>{options.find((option) => option.value === value)?.text}</span>
        <Icon name="down" />
      </StandIn>
    </div>
  )
}
