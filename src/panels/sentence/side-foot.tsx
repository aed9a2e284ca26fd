// Below a side's text: what can be done to the chosen token, and what was done to the text.

import { useTranslation } from 'react-i18next'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import { TokenToolbar } from './token-toolbar.tsx'
import type { Side } from './use-side.ts'

export function SideFoot({ side, answer, selection, replacing, onReplacing, onEdit, focusToken }: Side) {
  const { t } = useTranslation()
  const { actions } = useServices()
  const edits = useApp(({ settings }) => (side === 'a' ? settings.editsA : settings.editsB).length)
  const maskToken = useApp(({ model }) => (model.status === 'ready' ? model.card.maskToken : null))
  const { selected } = selection
  return (
    <div className="side-foot">
      {selected !== null && answer && (
        <TokenToolbar
          tokens={answer.row.tokens}
          index={selected}
          maskToken={maskToken}
          replacing={replacing}
          onReplacing={onReplacing}
          onEdit={(change) => {
            onEdit(change)
            focusToken()
          }}
        />
      )}
      {answer?.precomputed && (
        <p className="note" title={t('input.precomputedHint')}>
          <span className="tag">{t('input.precomputed')}</span> <span className="ui-hidden">{t('input.precomputedHint')}</span>
        </p>
      )}
      {edits > 0 && (
        <p className="edits-note">
          {t('input.editsNote', { count: edits })}
          <Button look="quiet" onPress={() => actions.clearEdits(side)}>
            {t('input.restore')}
          </Button>
        </p>
      )}
    </div>
  )
}
