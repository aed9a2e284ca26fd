import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HubListing, HubModel } from '#protocol/hub-api'
import type { ModelRef } from '#share/model-ref'
import { useFormat } from '../shared/use-format.tsx'

export interface HubFilesProps {
  readonly listing: HubListing
  readonly onChoose: (ref: ModelRef) => void
}

/** The graphs of a repository, each with its precision and all bytes that it takes; one is chosen and fetched. */
export function HubFiles({ listing, onChoose }: HubFilesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { models, suggested, repo, revision, license } = listing
  const [path, setPath] = useState(suggested)
  const chosen = models.find((model) => model.path === path)
  const bytesOf = ({ bytes }: HubModel): string => (bytes === null ? t('picker.sizeUnknown') : format.bytes(bytes))
  return (
    <form
      className="hub-files"
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen) onChoose({ kind: 'hub', repo, revision, file: chosen.path })
      }}
    >
      <fieldset>
        <legend className="ui-label">{t('picker.files', { count: models.length })}</legend>
        {models.map((model) => (
          <label key={model.path} className="hub-file">
            <input type="radio" name="hub-file" checked={model.path === path} onChange={() => setPath(model.path)} />
            <code>{model.path}</code>
            <span>{t(`card.precisions.${model.precision}` as 'card.precisions.float32', { defaultValue: model.precision })}</span>
            <span className="hub-file-size">{bytesOf(model)}</span>
            {model.tooLarge && <span className="note">{t('picker.tooLarge')}</span>}
            {!model.whole && <span className="note">{t('picker.part')}</span>}
          </label>
        ))}
      </fieldset>
      {listing.gated && <p className="note note-warning">{t('error.hub-gated', { repo })}</p>}
      <p className="note">
        {t('picker.licence', { licence: license ?? t('card.licenceUnknown') })}
        {!listing.exhaustive && ` ${t('picker.guessed')}`}
      </p>
      <button type="submit" className="ui-button ui-button-primary" disabled={!chosen || chosen.tooLarge || listing.gated}>
        {t('picker.fetch', { bytes: chosen ? bytesOf(chosen) : '' })}
      </button>
    </form>
  )
}
