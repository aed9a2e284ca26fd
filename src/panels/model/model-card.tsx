// What a model is, what was done to it, and what it can do here.

import { useTranslation } from 'react-i18next'
import type { ModelCard } from '#protocol/model-api'
import { Segmented } from '#ui/segmented'
import { useApp, useServices } from '../shared/app-context.tsx'
import { useFormat } from '../shared/use-format.tsx'

const KEPT = { yes: 'Yes', full: 'Full', unavailable: 'Unavailable', own: 'Own' } as const
const CHECKED = { hash: 'Hash', size: 'Size', not: 'Not' } as const
const WEIGHTS = ['auto', 'packed', 'float32'] as const

export function ModelCardView({ card }: { readonly card: ModelCard }) {
  const { t } = useTranslation()
  const format = useFormat()
  const shortened = card.statedTokens !== null && card.maxTokens < card.statedTokens
  const facts: readonly (readonly [string, string])[] = [
    [t('model.task'), t(`model.tasks.${card.task}`, { count: card.labels.length })],
    [t('model.family'), card.family],
    [t('model.layers'), `${card.layers} × ${card.heads}`],
    ...(card.hiddenSize > 0 ? [[t('model.width'), format.count(card.hiddenSize)] as const] : []),
    [t('model.parameters'), format.count(card.parameters)],
    ...(card.vocabulary === null ? [] : [[t('model.vocabulary'), t('model.tokensUnit', { count: card.vocabulary })] as const]),
    [
      t('model.length'),
      shortened
        ? t('model.lengthHere', { count: card.maxTokens, stated: format.count(card.statedTokens ?? 0) })
        : t('model.tokensUnit', { count: card.maxTokens }),
    ],
    [t('model.file'), `${card.file}, ${format.bytes(card.fileBytes)}`],
    [
      t('model.precision'),
      card.precision.map((name) => t(`model.precisions.${name}` as 'model.precisions.float32', { defaultValue: name })).join(', '),
    ],
    [t('model.memory'), t('model.memoryOf', { bytes: format.bytes(card.weights.bytes) })],
    [t('model.licence'), card.license ?? t('model.licenceUnknown')],
    [t('model.checked'), t(`model.checked${CHECKED[card.checked]}`)],
    [t('model.kept'), t(`model.kept${KEPT[card.kept]}`)],
  ]
  return (
    <div className="model-card">
      <dl className="facts facts-card">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <WeightChoice card={card} />
      <Abilities card={card} />
      <details className="passes">
        <summary>{t('model.passes')}</summary>
        <p className="note">{t('model.passesNote')}</p>
        <ol>
          {card.passes.map(({ pass, changes }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a pass may come several times, and the list never changes
            <li key={place}>
              <strong>{t(`model.passNames.${pass}` as 'model.passNames.fold-weights', { defaultValue: pass })}</strong> <code>{pass}</code>
              <ul>
                {changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </details>
    </div>
  )
}

/** How weights of few bits are held, where the file has such weights. */
function WeightChoice({ card }: { readonly card: ModelCard }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { actions, loader } = useServices()
  const wanted = useApp((state) => state.settings.weights)
  const { reason, unpackedBytes } = card.weights
  if (reason === 'as-file') return null
  return (
    <div className="weight-choice">
      <p className="popover-text">{t(`model.weightReasons.${reason}`, { bytes: format.bytes(unpackedBytes) })}</p>
      <div className="popover-row">
        <span className="ui-label">{t('model.weights')}</span>
        <Segmented
          label={t('model.weights')}
          value={wanted}
          options={WEIGHTS.map((value) => ({ value, text: t(`model.weightForms.${value}`) }))}
          onChange={(weights) => {
            actions.set({ weights })
            loader.reload()
          }}
        />
      </div>
    </div>
  )
}

/** What the page can do with this model, and why not where it cannot. */
function Abilities({ card }: { readonly card: ModelCard }) {
  const { t } = useTranslation()
  const rows: readonly (readonly [name: string, can: boolean, why: string])[] = [
    [t('model.can.attention'), true, ''],
    [t('model.can.answer'), card.task !== 'encoder', t('model.cannot.answer')],
    [t('model.can.mask'), card.maskToken !== null, t('model.cannot.mask')],
    [t('model.can.chat'), card.chat, t('model.cannot.chat')],
    [t('model.can.embeddings'), card.found.embeddings, t('model.cannot.embeddings')],
    [t('model.can.stream'), card.found.hiddenStates, t('model.cannot.stream')],
  ]
  return (
    <div className="abilities">
      <h3 className="popover-heading">{t('model.abilities')}</h3>
      <ul className="popover-list">
        {rows.map(([name, can, why]) => (
          <li key={name} className={can ? 'can' : 'cannot'}>
            <span aria-hidden="true">{can ? '✓' : '–'}</span> <span className="ui-hidden">{t(can ? 'model.yes' : 'model.no')}</span> {name}
            {!can && <span className="note"> · {why}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
