// The sentence, the hero of the page: side A with what is said of it; with side B both are one line; a second model when wanted.

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { referenceOf } from '#state/reference'
import type { TintOf } from '#state/token-tint'
import { useApp } from '../shared/app-context.tsx'
import { ModelSide } from './model-side.tsx'
import { SentencePair } from './sentence-pair.tsx'
import { SentenceSide } from './sentence-side.tsx'
import { TintContext } from './tint-context.tsx'
import './sentence.css'

export interface SentencePanelProps {
  readonly tintOf: TintOf
  /** What is said of the answer, below the text. */
  readonly children?: ReactNode
}

export function SentencePanel({ tintOf, children }: SentencePanelProps) {
  const { t } = useTranslation()
  const showsB = useApp((state) => state.settings.textB !== null)
  const isPair = useApp(({ settings, history }) => referenceOf(settings, history)?.kind === 'b')
  const hasModelB = useApp((state) => state.settings.modelB !== null)
  const justAdded = useApp((state) => state.settings.textB === state.settings.textA)
  return (
    <TintContext value={tintOf}>
      <section className="sentence-panel" aria-label={t('input.sentence')}>
        {isPair ? (
          <SentencePair takesFocus={justAdded}>{children}</SentencePair>
        ) : (
          <>
            <SentenceSide side="a" named={showsB}>
              {children}
            </SentenceSide>
            {showsB && <SentenceSide side="b" named />}
          </>
        )}
        {hasModelB && <ModelSide />}
      </section>
    </TintContext>
  )
}
