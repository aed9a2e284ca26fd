// The cuts that leave tokens out, what draws, and how many tokens are added at once.

import { useTranslation } from 'react-i18next'
import type { CutName } from '#methods/generation/sampling'
import { useServices, useSettings } from '#panels/shared/app-context.tsx'
import { PopoverButton } from '#ui/popover-button'
import { SliderField } from '#ui/slider-field'
import { useCutText } from './use-cut-text.tsx'

const HUNDRED = 100

interface CutRow {
  readonly name: CutName
  readonly min: number
  readonly max: number
  /** At which nothing is left out. */
  readonly off: number
}

const ROWS: readonly CutRow[] = [
  { name: 'topK', min: 0, max: 100, off: 0 },
  { name: 'topP', min: 1, max: 100, off: 100 },
  { name: 'minP', min: 0, max: 50, off: 0 },
  { name: 'typical', min: 1, max: 100, off: 100 },
]

function isOff(off: number, value: number): boolean {
  return off === 0 ? value === 0 : value >= off
}

/** Links may hold numbers beyond the sliders' usual ends: what is shown is what is used. */
export function CutFields() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const settings = useSettings('temperature', 'topK', 'topP', 'minP', 'typical', 'seed', 'generateCount')
  const cutText = useCutText()
  const isGreedy = settings.temperature === 0
  const on = isGreedy ? [] : ROWS.filter(({ name, off }) => !isOff(off, settings[name]))
  const summary = on.length === 0 ? t('generate.noCuts') : on.map(({ name }) => cutText(name)).join(', ')
  return (
    <PopoverButton text={t('generate.sampling', { summary })} title={t('generate.samplingTitle')}>
      <div className="cut-fields">
        {isGreedy && <p className="popover-text">{t('generate.greedyNote')}</p>}
        {ROWS.map(({ name, min, max, off }) => (
          <div key={name} className="cut-field">
            <SliderField
              label={t(`generate.cuts.${name}`)}
              value={settings[name]}
              min={min}
              max={Math.max(max, settings[name])}
              step={1}
              format={(value) => (isOff(off, value) ? t('generate.off') : name === 'topK' ? String(value) : (value / HUNDRED).toFixed(2))}
              onChange={(value) => actions.set({ [name]: value })}
            />
            <p className="note">{t(`generate.cutMeans.${name}`)}</p>
          </div>
        ))}
        <SliderField
          label={t('generate.seed')}
          value={settings.seed}
          min={0}
          max={Math.max(99, settings.seed)}
          step={1}
          format={String}
          onChange={(seed) => actions.set({ seed })}
        />
        <SliderField
          label={t('generate.count')}
          value={settings.generateCount}
          min={1}
          max={Math.max(100, settings.generateCount)}
          step={1}
          format={String}
          onChange={(generateCount) => actions.set({ generateCount })}
        />
      </div>
    </PopoverButton>
  )
}
