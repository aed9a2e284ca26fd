// The sentence, the hero of the page: side A, side B when wanted, and the examples.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SideState } from '#state/app-state'
import { sameInput } from '#state/layout/panes'
import { Button } from '#ui/button'
import { CheckField } from '#ui/check-field'
import { MenuButton } from '#ui/menu-button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { examplesFor } from './examples.ts'
import { ModelSide } from './model-side.tsx'
import { SentenceSide } from './sentence-side.tsx'
import './sentence.css'

export function SentencePanel() {
  const { t } = useTranslation()
  const { actions, store } = useServices()
  const a = useApp((state) => state.a)
  const reference = useApp((state) => state.reference)
  const textB = useApp((state) => state.settings.textB)
  const editsB = useApp((state) => state.settings.editsB)
  const [added, setAdded] = useState(false)
  const textA = useApp((state) => state.settings.textA)
  const showsB = textB !== null
  // Compared with something else, B is typed and kept but not run.
  const inB = { text: textB ?? '', edits: editsB }
  const stateB: SideState =
    reference && sameInput(reference.input, inB) ? reference : { input: inB, status: 'done', error: null, answer: null, thumbnails: [] }
  const addB = (): void => {
    setAdded(true)
    actions.open({ textB: store.getState().settings.textA, editsB: [], against: 'auto' })
  }
  const swap = (): void => {
    const { settings } = store.getState()
    actions.open({ textA: settings.textB ?? '', editsA: settings.editsB, textB: settings.textA, editsB: settings.editsA })
  }
  const model = useApp((state) => state.model)
  const chat = useApp((state) => state.settings.chat)
  const modelB = useApp((state) => state.settings.modelB)
  const card = model.status === 'ready' ? model.card : null
  const examples = examplesFor(card?.task ?? 'classifier', card?.maskToken ?? null)
  const example = examples.find(({ a, b }) => a === textA && b === textB)
  const buttons = (
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
      {example && <p className="token-hint">{t(`examples.${example.id}.look`)}</p>}
    </div>
  )
  return (
    <section className="sentence-panel" aria-label={t('input.sentence')}>
      <SentenceSide side="a" state={a} named={showsB}>
        {!showsB && buttons}
      </SentenceSide>
      {showsB && (
        <SentenceSide side="b" state={stateB} named takesFocus={added}>
          {buttons}
        </SentenceSide>
      )}
      {modelB !== null && <ModelSide />}
    </section>
  )
}
