// Where heads attend to: all heads as a grid, the chosen ones as heatmap, lines, arcs or one token's view, and what is to be known of them.

import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ATTENTION_CHARTS } from '#catalogue/charts'
import { useApp, useSettings } from '#panels/shared/app-context.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useGradientsGate } from '#panels/shared/use-gradients-gate.tsx'
import { panesOf, samePanes } from '#state/layout/panes'
import { useSame } from '#ui/use-same'
import { gradientAttentionError, gradientAttentionPanesOf, showsGradientAttention } from '../state/gradient-attention.ts'
import { hasFailed } from '../state/side-slot.ts'
import './attention.css'
import { AttentionToolbar } from './attention-toolbar.tsx'
import { HeadGridPanel } from './head-grid-panel.tsx'
import { HeadNotes } from './head-notes.tsx'
import { PaneFigure } from './pane-figure.tsx'
import { scalesOf } from './pane-scales.ts'
import { useExplained } from './use-explained.ts'
import { useHeadPictures } from './use-head-pictures.ts'
import { useRoom } from './use-room.ts'

/** Of a pane's title, CSS pixels. */
const TITLE = 32
/** By how much the stage enlarges panes. */
const STAGE_ZOOM = 1.3

export function AttentionPanel() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { chart, size } = useSettings('chart', 'size')
  const failed = useApp(hasFailed)
  const target = useExportTarget()
  const sides = useApp(panesOf, samePanes)
  const products = useApp(gradientAttentionPanesOf, samePanes)
  const error = useApp(gradientAttentionError)
  const inTheWay = useGradientsGate(useApp((state) => showsGradientAttention(state.settings)))
  const body = useRef<HTMLDivElement>(null)
  const room = useRoom(body)
  const height = room === null ? null : Math.floor((room - TITLE) / (size === 'presentation' ? STAGE_ZOOM : 1))
  const pictures = useHeadPictures()
  const panes = products ?? sides
  const scaleOf = useMemo(() => scalesOf(panes, products !== null), [panes, products])
  const explained = useSame(useExplained(panes, products !== null, pictures))

  return (
    <div className="attention">
      <AttentionToolbar explained={explained} />
      {inTheWay}
      {error && <p className="note note-error">{errorText(error)}</p>}
      <div className={`attention-body${panes.length > 1 ? ' has-many-panes' : ''}`} ref={body}>
        {pictures && <HeadGridPanel pictures={pictures} height={panes.length > 1 ? null : height} />}
        <section id="charts" className="head-charts" aria-label={t('attention.chart')} tabIndex={-1}>
          {panes.length === 0 && <p className="empty-state">{t(failed ? 'attention.failed' : 'heads.waiting')}</p>}
          <div className={`panes panes-${panes.length}`} ref={target}>
            {panes.map((pane) => (
              <PaneFigure
                key={pane.side}
                pane={pane}
                scale={scaleOf(pane)}
                isGradientAttention={products !== null}
                height={ATTENTION_CHARTS[chart].takes === 'token' && panes.length > 1 ? null : height}
              />
            ))}
          </div>
        </section>
        {pictures && <HeadNotes pictures={pictures} />}
      </div>
    </div>
  )
}
