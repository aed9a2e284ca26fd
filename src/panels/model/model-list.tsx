import { useTranslation } from 'react-i18next'
import type { ModelRef } from '#share/model-ref'
import { embeddedModels, nameOfRef, sameModel, writeModelRef } from '#state/model/model-names'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useModelName } from '../shared/use-model-name.tsx'

export interface ModelListProps {
  readonly kind: 'embedded' | 'recent'
  readonly onChoose: (ref: ModelRef) => void
}

/** Models that are opened by one press: the page's own, or those that were opened before. */
export function ModelList({ kind, onChoose }: ModelListProps) {
  const { t } = useTranslation()
  const { shelf } = useServices()
  const modelName = useModelName()
  const open = useApp((state) => state.settings.model)
  const recent = useApp((state) => state.shelf.recent)
  const refs: readonly ModelRef[] = kind === 'embedded' ? embeddedModels : recent.filter((ref) => ref.kind !== 'embedded')
  if (refs.length === 0) return null
  const list = (
    <ul className="model-list">
      {refs.map((ref) => (
        <li key={writeModelRef(ref)} className={sameModel(ref, open) ? 'is-open' : ''}>
          <button type="button" className="model-entry" aria-current={sameModel(ref, open)} onClick={() => onChoose(ref)}>
            <span className="model-entry-name">{modelName(nameOfRef(ref))}</span>
            <span className="model-entry-detail">
              {ref.kind === 'embedded' ? t(`picker.about.${ref.id}`) : `${ref.file} · ${versionOf(ref)}`}
            </span>
          </button>
          {kind === 'recent' && (
            <Button
              look="quiet"
              icon="close"
              label={t(ref.kind === 'hub' ? 'picker.forgetFiles' : 'picker.forget')}
              onPress={() => void shelf.forget(ref).catch(() => undefined)}
            />
          )}
        </li>
      ))}
    </ul>
  )
  if (kind === 'embedded') return list
  return (
    <section className="model-way" aria-label={t('picker.recent')}>
      <h3>{t('picker.recent')}</h3>
      {list}
    </section>
  )
}

/** What tells models of one name apart: the revision, or the start of the content's digest. */
function versionOf(ref: Exclude<ModelRef, { readonly kind: 'embedded' }>): string {
  return ref.kind === 'hub' ? ref.revision : ref.digest.slice(0, 7)
}
