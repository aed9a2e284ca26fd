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
    [t('card.task'), t(`card.tasks.${card.task}`, { count: card.labels.length })],
    [t('card.family'), card.family],
    [t('card.layers'), `${card.layers} × ${card.heads}`],
    ...(card.hiddenSize > 0 ? [[t('card.width'), format.count(card.hiddenSize)] as const] : []),
    [t('card.parameters'), format.count(card.parameters)],
    ...(card.vocabulary === null ? [] : [[t('card.vocabulary'), t('card.tokensUnit', { count: card.vocabulary })] as const]),
    [
      t('card.length'),
      shortened
        ? t('card.lengthHere', { count: card.maxTokens, stated: format.count(card.statedTokens ?? 0) })
        : t('card.tokensUnit', { count: card.maxTokens }),
    ],
    [t('card.file'), `${card.file}, ${format.bytes(card.fileBytes)}`],
    [
      t('card.precision'),
      card.precision.map((name) => t(`card.precisions.${name}` as 'card.precisions.float32', { defaultValue: name })).join(', '),
    ],
    [t('card.memory'), t('card.memoryOf', { bytes: format.bytes(card.weights.bytes) })],
    [t('card.licence'), card.license ?? t('card.licenceUnknown')],
    [t('card.checked'), t(`card.checked${CHECKED[card.checked]}`)],
    [t('card.kept'), t(`card.kept${KEPT[card.kept]}`)],
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
        <summary>{t('card.passes')}</summary>
        <p className="note">{t('card.passesNote')}</p>
        <ol>
          {card.passes.map(({ pass, changes }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a pass may come several times, and the list never changes
            <li key={place}>
              <strong>{t(`card.passNames.${pass}` as 'card.passNames.fold-weights', { defaultValue: pass })}</strong> <code>{pass}</code>
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
      <p className="popover-text">{t(`card.weightReasons.${reason}`, { bytes: format.bytes(unpackedBytes) })}</p>
      <div className="popover-row">
        <span className="ui-label">{t('card.weights')}</span>
        <Segmented
          label={t('card.weights')}
          value={wanted}
          options={WEIGHTS.map((value) => ({ value, text: t(`card.weightForms.${value}`) }))}
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
    [t('card.can.attention'), true, ''],
    [t('card.can.answer'), card.task !== 'encoder', t('card.cannot.answer')],
    [t('card.can.mask'), card.maskToken !== null, t('card.cannot.mask')],
    [t('card.can.chat'), card.chat, t('card.cannot.chat')],
    [t('card.can.embeddings'), card.found.embeddings, t('card.cannot.embeddings')],
    [t('card.can.stream'), card.found.hiddenStates, t('card.cannot.stream')],
    [t('card.can.values'), card.found.values, t('card.cannot.values')],
  ]
  return (
    <div className="abilities">
      <h3 className="popover-heading">{t('card.abilities')}</h3>
      <ul className="popover-list">
        {rows.map(([name, can, why]) => (
          <li key={name} className={can ? 'can' : 'cannot'}>
            <span aria-hidden="true">{can ? '✓' : '–'}</span> <span className="ui-hidden">{t(can ? 'card.yes' : 'card.no')}</span> {name}
            {!can && <span className="note"> · {why}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
