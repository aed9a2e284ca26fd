// Which heads are drawn: the one worth seeing first, one, those of a layer, or all, and how several become one matrix.

import { useTranslation } from 'react-i18next'
import { ATTENTION_CHARTS } from '#catalogue/charts'
import type { HeadRef } from '#methods/attention/attention'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { sameHeads } from '#state/layout/panes'
import { Icon } from '#ui/icon'
import { PopoverButton } from '#ui/popover-button'
import { Segmented } from '#ui/segmented'
import { choiceFor } from '../state/shown-heads.ts'

const REDUCES = ['each', 'mean', 'max'] as const

/** How many heads are chosen; `some` when neither one, nor a layer, nor all. */
type Extent = 'auto' | 'one' | 'layer' | 'all' | 'some'

export function HeadPicker() {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions } = useServices()
  const { chart, reduce } = useSettings('chart', 'reduce')
  const pinned = useApp((state) => state.settings.heads)
  const layers = useApp((state) => state.a.answer?.layers ?? 0)
  const heads = useApp((state) => state.a.answer?.heads ?? 0)
  const shown = useApp((state) => (state.a.answer ? choiceFor(state).heads : []), sameHeads)
  const { takes, lines } = ATTENTION_CHARTS[chart]
  const [first = { layer: 0, head: 0 }] = shown
  const ofLayer = (layer: number): readonly HeadRef[] => Array.from({ length: heads }, (_, head) => ({ layer, head }))
  const choices = {
    auto: () => [],
    one: () => [first],
    layer: () => ofLayer(first.layer),
    all: () => Array.from({ length: layers }, (_, layer) => ofLayer(layer)).flat(),
  }
  const isLayer = pinned.length === heads && pinned.every(({ layer }) => layer === first.layer)
  const extent: Extent =
    pinned.length === 0 ? 'auto' : pinned.length === 1 ? 'one' : pinned.length === layers * heads ? 'all' : isLayer ? 'layer' : 'some'
  const aggregate = !lines && reduce === 'each' ? 'mean' : reduce
  // One token's view goes over the heads of every layer: choosing some would change nothing.
  const name =
    takes === 'token'
      ? t('attention.headsOfLayers')
      : shown.length === 0
        ? t('attention.heads')
        : format.choice({ heads: shown, reduce: aggregate })
  return (
    <PopoverButton
      title={t('attention.heads')}
      look="plain"
      text={
        <>
          {name}
          <Icon name="down" />
        </>
      }
    >
      <div className="head-picker">
        {takes === 'heads' && (
          <>
            <Segmented<Extent>
              label={t('attention.heads')}
              value={extent}
              options={(['auto', 'one', 'layer', 'all'] as const).map((value) => ({ value, text: t(`attention.extents.${value}`) }))}
              onChange={(value) =>
                value !== 'some' &&
                actions.set({
                  heads: choices[value](),
                  ...(value === 'layer' || value === 'all' ? { reduce: aggregate === 'max' ? 'max' : 'mean' } : {}),
                })
              }
            />
            <p className="popover-text">{t('attention.extentsExplained')}</p>
          </>
        )}
        <Segmented
          label={t('attention.reduce')}
          value={aggregate}
          options={REDUCES.map((value) => ({
            value,
            text: t(`attention.reduces.${value}`),
            isDisabled: (value === 'each' && !lines) || (takes === 'heads' && shown.length < 2),
          }))}
          onChange={(value) => actions.set({ reduce: value })}
        />
        <p className="popover-text">{t('attention.reduceExplained')}</p>
      </div>
    </PopoverButton>
  )
}
