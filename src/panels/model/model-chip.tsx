import { useTranslation } from 'react-i18next'
import type { ModelCard } from '#protocol/engine-api'
import { PopoverButton } from '#ui/popover-button'
import { useApp } from '../app-context.tsx'
import { useFormat } from '../use-format.tsx'
import { useModelName } from './use-model-name.tsx'

/** Name and state of the model; opens its card. */
export function ModelChip() {
  const { t } = useTranslation()
  const model = useApp((state) => state.model)
  const precomputed = useApp((app) => app.a.answer?.precomputed ?? false)
  const modelName = useModelName()
  const state =
    model.status === 'ready'
      ? t('model.ready')
      : model.status === 'failed' || model.status === 'cancelled'
        ? t(precomputed ? 'model.precomputed' : 'model.notLoaded')
        : t('model.loading')
  return (
    <PopoverButton
      title={t('model.card')}
      look="plain"
      icon="chip"
      text={
        <span className="model-chip">
          <span className={`status-dot is-${model.status}`} aria-hidden="true" />
          <span className="model-name">{modelName(model.status === 'ready' ? model.card.name : null)}</span>
          <span className="model-state">{state}</span>
        </span>
      }
    >
      {model.status === 'ready' ? <Card card={model.card} /> : <p>{state}</p>}
    </PopoverButton>
  )
}

const KEPT = { yes: 'Yes', full: 'Full', unavailable: 'Unavailable' } as const

function Card({ card }: { readonly card: ModelCard }) {
  const { t } = useTranslation()
  const format = useFormat()
  const facts: readonly (readonly [string, string])[] = [
    [t('model.family'), card.family],
    [t('model.layers'), `${card.layers} × ${card.heads}`],
    [t('model.width'), format.count(card.hiddenSize)],
    [t('model.parameters'), format.count(card.parameters)],
    [t('model.length'), t('model.tokensUnit', { count: card.maxTokens })],
    [t('model.file'), format.bytes(card.fileBytes)],
    [t('model.checked'), t(card.checked === 'hash' ? 'model.checkedHash' : 'model.checkedSize')],
    [t('model.kept'), t(`model.kept${KEPT[card.kept]}`)],
  ]
  return (
    <>
      <dl className="facts facts-card">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className="passes">
        <summary>{t('model.passes')}</summary>
        <ol>
          {card.passes.map(({ pass, changes }) => (
            <li key={pass}>
              <code>{pass}</code>
              <ul>
                {changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </details>
    </>
  )
}
