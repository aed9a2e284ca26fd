import { useTranslation } from 'react-i18next'
import { PopoverButton } from '#ui/popover-button'
import { Segmented } from '#ui/segmented'
import { useApp, useServices } from '../shared/app-context.tsx'

const BACKENDS = ['auto', 'webgpu', 'wasm'] as const

/** Where the model runs and why, and a way to run it elsewhere. */
export function BackendChip() {
  const { t } = useTranslation()
  const { actions, loader } = useServices()
  const model = useApp((state) => state.model)
  const wanted = useApp((state) => state.settings.backend)
  const report = model.status === 'ready' ? model.card.backend : null
  const name = report && (report.backend === 'webgpu' ? t('backend.webgpu') : t('backend.wasm', { count: report.threads }))
  const difference = report?.selfCheckDifference?.toExponential(1) ?? ''
  return (
    <PopoverButton title={t('backend.label')} text={<span className="backend-chip">{name ?? '…'}</span>}>
      {report && <p className="popover-text">{t(`backend.reasons.${report.reason}`, { difference })}</p>}
      {report && !report.isolated && <p className="popover-text">{t('backend.notIsolated')}</p>}
      <div className="popover-row">
        <span className="ui-label">{t('backend.prefer')}</span>
        <Segmented
          label={t('backend.prefer')}
          value={wanted}
          options={BACKENDS.map((value) => ({
            value,
            text: value === 'auto' ? t('backend.auto') : value === 'webgpu' ? 'WebGPU' : 'WASM',
          }))}
          onChange={(backend) => {
            actions.set({ backend })
            loader.reload()
          }}
        />
      </div>
    </PopoverButton>
  )
}
