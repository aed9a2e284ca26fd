// Intervene: which parts carry the answer, by switching them off, and by giving them what they gave in another text.

import { useTranslation } from 'react-i18next'
import { ABLATION_KINDS } from '#catalogue/interventions'
import { useApp, useService, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { TargetFields } from '#panels/shared/target-fields.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { subjectOf } from '#state/target'
import { PopoverButton } from '#ui/popover-button'
import { Segmented } from '#ui/segmented'
import { INTERVENTIONS, kindIn, kindsIn, patchedOf, sweepOf, textsIn } from '../state/interventions.ts'
import { GateList } from './gate-list.tsx'
import { KindAgreement } from './kind-agreement.tsx'
import { PartMap } from './part-map.tsx'
import { PatchView } from './patch-view.tsx'
import './interventions.css'

export function InterventionsPanel() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { interveneView } = useSettings('interveneView')
  const isIntervenable = useApp(({ model }) => model.status !== 'ready' || model.card.found.activations)
  const isAgainstB = useApp((state) => (textsIn(state)?.target.foil ?? null) !== (subjectOf(state)?.target.foil ?? null))
  if (!isIntervenable) return <p className="empty-state">{t('intervene.notOpen')}</p>
  return (
    <section className="intervene" aria-label={t('intervene.label')} id="charts" tabIndex={-1}>
      <div className="room-toolbar">
        <Segmented
          label={t('intervene.view')}
          value={interveneView}
          options={(['ablate', 'patch'] as const).map((value) => ({ value, text: t(`intervene.views.${value}`) }))}
          onChange={(value) => actions.set({ interveneView: value })}
        />
        <TargetFields hasSpace={false} />
        {isAgainstB && <p className="note">{t('intervene.againstB')}</p>}
        {interveneView === 'ablate' && <KindField />}
        <PopoverButton icon="help" title={t('intervene.about')}>
          {(interveneView === 'ablate'
            ? (['aboutAblation', 'aboutKinds', 'aboutLimits'] as const)
            : (['aboutPatching', 'aboutDirections', 'aboutLimits'] as const)
          ).map((name) => (
            <p key={name} className="popover-text">
              {t(`intervene.${name}`)}
            </p>
          ))}
        </PopoverButton>
        <Status />
      </div>
      {interveneView === 'ablate' ? (
        <>
          <SweepError />
          <div className="intervene-body">
            <PartMap />
            <GateList />
          </div>
          <KindAgreement />
        </>
      ) : (
        <PatchView />
      )}
    </section>
  )
}

function KindField() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const kind = useApp(kindIn)
  const allowed = useApp((state) => kindsIn(state).join())
  return (
    <Segmented
      label={t('intervene.kind')}
      value={kind}
      options={ABLATION_KINDS.map((value) => ({
        value,
        text: t(`intervene.kinds.${value}`),
        isDisabled: !allowed.split(',').includes(value),
      }))}
      onChange={(ablation) => actions.set({ ablation })}
    />
  )
}

function Status() {
  const { t } = useTranslation()
  const interventions = useService(INTERVENTIONS)
  const { interveneView } = useSettings('interveneView')
  const layers = useApp(({ model }) => (model.status === 'ready' ? model.card.layers : 0))
  const kind = useApp(kindIn)
  const kinds = useApp((state) => kindsIn(state).length)
  const sweep = useApp(sweepOf)
  const patched = useApp(patchedOf)
  const isSweep = interveneView === 'ablate'
  const done = isSweep
    ? (sweep?.answer?.kinds.reduce((sum, one) => sum + one.layers.length, 0) ?? 0)
    : (patched?.answer?.layers.length ?? 0)
  const count = isSweep ? layers * kinds : layers
  const own = sweep?.answer?.kinds.find((one) => one.kind === kind)?.layers.length ?? 0
  const name = isSweep && own === layers ? 'intervene.comparing' : isSweep ? 'intervene.sweeping' : 'intervene.patchingNow'
  return (
    <AskedStatus
      status={(isSweep ? sweep : patched)?.status}
      progress={t(name, { done, count })}
      onStop={interventions.stop}
      onAgain={interventions.again}
    />
  )
}

function SweepError() {
  const errorText = useErrorText()
  const error = useApp((state) => sweepOf(state)?.error ?? null)
  return error === null ? null : (
    <p className="note note-warning" role="status">
      {errorText(error)}
    </p>
  )
}
