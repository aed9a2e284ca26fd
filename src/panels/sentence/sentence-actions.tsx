// Beside the tabs: what tints the words, the examples, and a second sentence that comes, goes and changes places with the first.

import { useTranslation } from 'react-i18next'
import { examplesFor } from '#catalogue/examples'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { MenuButton } from '#ui/menu-button'
import { SelectBox } from '#ui/select-box'
import { useApp, useServices } from '../shared/app-context.tsx'

const NO_TOKENS = { maskToken: null, separatorToken: null }
const TINTS = ['attribution', 'attention', 'surprise'] as const

export function SentenceActions() {
  const { t } = useTranslation()
  const { actions, store } = useServices()
  const card = useApp(({ model }) => (model.status === 'ready' ? model.card : null))
  const chat = useApp((state) => state.settings.chat)
  const showsB = useApp((state) => state.settings.textB !== null)
  const tint = useApp((state) => state.settings.tint)
  const examples = examplesFor(card?.task ?? 'classifier', card ?? NO_TOKENS)
  const addB = (): void => {
    actions.open({ textB: store.getState().settings.textA, editsB: [], against: 'auto' })
  }
  const swap = (): void => {
    const { settings } = store.getState()
    actions.open({ textA: settings.textB ?? '', editsA: settings.editsB, textB: settings.textA, editsB: settings.editsA })
  }
  return (
    <div className="sentence-actions">
      <SelectBox
        label={t('input.tint')}
        value={tint}
        options={TINTS.filter((value) => value !== 'surprise' || card?.task === 'causal-lm').map((value) => ({
          value,
          text: t(`input.tints.${value}`),
        }))}
        onChange={(by) => actions.set({ tint: by })}
      />
      <MenuButton
        label={t('input.examples')}
        text={t('input.examples')}
        icon="book"
        look="quiet"
        entries={examples.map(({ id }) => ({ id, text: t(`examples.${id}.title`), detail: t(`examples.${id}.look`) }))}
        onChoose={(id) => {
          const example = examples.find((candidate) => candidate.id === id)
          if (example) actions.open({ textA: example.a, editsA: [], textB: example.b, editsB: [] })
        }}
      />
      {showsB ? (
        <>
          <Button look="quiet" icon="swap" label={t('input.swapSides')} onPress={swap} />
          <Button look="quiet" icon="close" label={t('input.removeB')} onPress={() => actions.open({ textB: null, editsB: [] })} />
        </>
      ) : (
        <Button look="quiet" icon="plus" onPress={addB}>
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
    </div>
  )
}
