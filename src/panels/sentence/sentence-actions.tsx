// Below the last sentence: the examples, and a second sentence that comes, goes and changes places with the first.

import { useTranslation } from 'react-i18next'
import type { AppState } from '#state/app-state'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { MenuButton } from '#ui/menu-button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { type Example, examplesFor } from './examples.ts'

export interface SentenceActionsProps {
  readonly showsB: boolean
  /** The reader asks for a second sentence. */
  readonly onAdd: () => void
}

export function SentenceActions({ showsB, onAdd }: SentenceActionsProps) {
  const { t } = useTranslation()
  const { actions, store } = useServices()
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const chat = useApp((state) => state.settings.chat)
  const shown = useApp(exampleOnScreen)
  const examples = examplesFor(card?.task ?? 'classifier', card?.maskToken ?? null)
  const addB = (): void => {
    onAdd()
    actions.open({ textB: store.getState().settings.textA, editsB: [], against: 'auto' })
  }
  const swap = (): void => {
    const { settings } = store.getState()
    actions.open({ textA: settings.textB ?? '', editsA: settings.editsB, textB: settings.textA, editsB: settings.editsA })
  }
  return (
    <div className="sentence-actions">
      <MenuButton
        label={t('input.examples')}
        text={t('input.examples')}
        icon="book"
        look="plain"
        entries={examples.map(({ id }) => ({ id, text: t(`examples.${id}.title`), detail: t(`examples.${id}.look`) }))}
        onChoose={(id) => {
          const example = examples.find((candidate) => candidate.id === id)
          if (example) actions.open({ textA: example.a, editsA: [], textB: example.b, editsB: [] })
        }}
      />
      {showsB ? (
        <>
          <Button look="quiet" icon="swap" onPress={swap}>
            {t('input.swapSides')}
          </Button>
          <Button look="quiet" icon="close" onPress={() => actions.open({ textB: null, editsB: [] })}>
            {t('input.removeB')}
          </Button>
        </>
      ) : (
        <Button look="plain" icon="plus" onPress={addB}>
          {t('input.compare')}
        </Button>
      )}
      {card?.chat && (
        <CheckField
          label={t('input.chat')}
          isSelected={chat === 'on'}
          onChange={(on) => actions.open({ chat: on ? 'on' : 'off', editsA: [], editsB: [] })}
        />
      )}
      {shown !== null && <p className="token-hint">{t(`examples.${shown}.look`)}</p>}
    </div>
  )
}

/** The example that both texts are of; null where they are the reader's own. */
function exampleOnScreen({ settings: { textA, textB }, model }: AppState): Example['id'] | null {
  const card = model.status === 'ready' ? model.card : null
  const examples = examplesFor(card?.task ?? 'classifier', card?.maskToken ?? null)
  return examples.find(({ a, b }) => a === textA && b === textB)?.id ?? null
}
