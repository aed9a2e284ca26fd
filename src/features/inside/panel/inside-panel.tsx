// Inside: the way from a token to the answer; what a language model would answer after each layer, and which heads and MLPs wrote its answer.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useService } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { useExportTarget } from '#panels/shared/export-target.tsx'
import { TargetFields } from '#panels/shared/target-fields.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useGradientsGate } from '#panels/shared/use-gradients-gate.tsx'
import { PopoverButton } from '#ui/popover-button'
import { INSIDE, lensOf, MOST_POSITIONS, sharesOf, slopesOf } from '../state/inside.ts'
import { HeadMap } from './head-map.tsx'
import { LayerLines } from './layer-lines.tsx'
import { LensGrid, type LookedCell } from './lens-grid.tsx'
import { PathSection } from './path-section.tsx'
import './inside.css'

export function InsidePanel() {
  const { t } = useTranslation()
  const isReadable = useApp(({ model }) => model.status !== 'ready' || model.card.found.readout)
  const hasPath = useApp(({ model }) => model.status !== 'ready' || model.card.found.path)
  const [looked, setLooked] = useState<LookedCell | null>(null)
  const exported = useExportTarget()
  if (!isReadable && !hasPath) return <p className="empty-state">{t('inside.unknown')}</p>
  return (
    <section className="inside" aria-label={t('inside.label')} id="charts" tabIndex={-1}>
      <div className="inside-pictures" ref={exported}>
        {hasPath ? <PathSection /> : <p className="note">{t('inside.unknown')}</p>}
        {!isReadable && <p className="note">{t('inside.notReadable')}</p>}
        {isReadable && (
          <>
            <Toolbar />
            <div className="inside-lens">
              <LensGrid looked={looked} onLook={setLooked} />
              <div className="inside-lines">
                <LayerLines layer={looked?.layer ?? null} />
                <Gradients />
              </div>
            </div>
            <HeadMap />
          </>
        )}
      </div>
    </section>
  )
}

function Toolbar() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const inside = useService(INSIDE)
  const asked = useApp(lensOf)
  const slopes = useApp(slopesOf)
  const shares = useApp(sharesOf)
  const count = useApp(({ a }) => a.answer?.row.tokens.length ?? 0)
  const all = [asked, slopes, shares]
  const isRunning = all.some((one) => one?.status === 'running')
  const status = isRunning ? 'running' : all.some((one) => one?.status === 'stopped') ? 'stopped' : asked?.status
  return (
    <div className="room-toolbar" data-not-exported="">
      <TargetFields hasSpace={false} />
      <PopoverButton icon="help" title={t('inside.about')}>
        {(['aboutLens', 'aboutJacobian', 'aboutShares', 'aboutRoles'] as const).map((name) => (
          <p key={name} className="popover-text">
            {t(`inside.${name}`)}
          </p>
        ))}
      </PopoverButton>
      <AskedStatus
        status={status}
        progress={t('inside.reading', { done: asked?.answer?.length ?? 0, count: Math.min(count, MOST_POSITIONS) })}
        onStop={inside.stop}
        onAgain={inside.again}
      />
      {asked?.error && (
        <p className="note note-warning" role="status">
          {errorText(asked.error)}
        </p>
      )}
    </div>
  )
}

/** What the Jacobian lens is made of is loaded when it is looked at. */
function Gradients() {
  const errorText = useErrorText()
  const failure = useApp((state) => slopesOf(state)?.error ?? null)
  const gate = useGradientsGate(true)
  return failure === null ? gate : <p className="note">{errorText(failure)}</p>
}
