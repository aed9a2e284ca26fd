// The sentence, the hero of the page: side A, side B when wanted, and the examples.

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '../shared/app-context.tsx'
import { ModelSide } from './model-side.tsx'
import { SentenceActions } from './sentence-actions.tsx'
import { SentenceSide } from './sentence-side.tsx'
import './sentence.css'

export function SentencePanel() {
  const { t } = useTranslation()
  const [added, setAdded] = useState(false)
  const showsB = useApp((state) => state.settings.textB !== null)
  const hasModelB = useApp((state) => state.settings.modelB !== null)
  const buttons = <SentenceActions showsB={showsB} onAdd={() => setAdded(true)} />
  return (
    <section className="sentence-panel" aria-label={t('input.sentence')}>
      <SentenceSide side="a" named={showsB}>
        {!showsB && buttons}
      </SentenceSide>
      {showsB && (
        <SentenceSide side="b" named takesFocus={added}>
          {buttons}
        </SentenceSide>
      )}
      {hasModelB && <ModelSide />}
    </section>
  )
}
