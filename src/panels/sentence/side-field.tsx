import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '#ui/use-media'
import { useApp, useServices } from '../shared/app-context.tsx'
import { SentenceField } from './sentence-field.tsx'
import { textOf } from './shown-run.ts'
import { inNewText, type ShownText, shownText } from './shown-text.ts'
import { TokenText } from './token-text.tsx'
import { LONG_TEXT } from './use-looks.ts'
import type { Side } from './use-side.ts'

export interface SideFieldProps {
  readonly of: Side
  readonly label: string
  /** Beside a second sentence the sides have letters. */
  readonly named: boolean
  readonly takesFocus?: boolean
}

const NOTHING: ShownText = { text: '', spans: [] }

/** A side's text, typed in where its tokens stand: all of a side that is drawn at every keystroke. */
export function SideField({ of, label, named, takesFocus = false }: SideFieldProps) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { side, answer, selection } = of
  const typed = useApp((state) => textOf(state, side))
  const isNarrow = useMedia('(max-width: 640px)')
  // They would take a line of a phone, and stand in the charts.
  const showsSpecials = useApp((state) => state.settings.specials === 'shown') && !isNarrow
  const known = useMemo(() => (answer ? shownText(answer.input.text, answer.row.tokens, answer.input.edits.length > 0) : NOTHING), [answer])
  const isCurrent = answer?.input.text === typed
  const shown = useMemo(() => (isCurrent ? known : inNewText(known, typed)), [isCurrent, known, typed])
  return (
    <div className={shown.text.length > LONG_TEXT ? 'sentence is-long' : 'sentence'}>
      <SentenceField
        label={label || t('input.sentence')}
        badge={named ? side.toUpperCase() : null}
        value={shown.text}
        isRunning={of.isRunning}
        takesFocus={takesFocus}
        onChange={(changed) => actions.type(side, changed)}
        onCommit={actions.commit}
        onToken={selection.onSelect}
        onHover={selection.onHover}
      >
        <TokenText
          name={side.toUpperCase()}
          tokens={answer?.row.tokens ?? []}
          shown={shown}
          showSpecials={showsSpecials}
          marks={of.marks}
          {...selection}
          tint={isCurrent ? selection.tint : null}
          onEdit={of.onEdit}
          onReplace={of.onReplace}
        />
      </SentenceField>
    </div>
  )
}
