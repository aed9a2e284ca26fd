import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components'

export interface SliderFieldProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly format: (value: number) => string
  readonly onChange: (value: number) => void
}

/** A labelled number on a track, with its value written beside it. */
export function SliderField({ label, value, min, max, step, format, onChange }: SliderFieldProps) {
  return (
    <Slider className="ui-slider" value={value} minValue={min} maxValue={max} step={step} onChange={onChange}>
      <Label className="ui-label">{label}</Label>
      <SliderTrack className="ui-slider-track">
        <SliderThumb className="ui-slider-thumb" />
      </SliderTrack>
      <SliderOutput className="ui-slider-output">{({ state }) => format(state.values[0] ?? min)}</SliderOutput>
    </Slider>
  )
}
