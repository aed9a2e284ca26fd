// Many edits at once, one a row: what each changes in the answer, in attention and in the last hidden state.

import { useTranslation } from 'react-i18next'
import { useApp, useService, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { sameInput } from '#state/layout/panes'
import { indexOn } from '#state/layout/token-ref'
import { CheckField } from '#ui/check-field'
import { TextField } from '#ui/text-field'
import type { EditFamily } from '../api.ts'
import { EDIT_FAMILIES, EDITS, listedWords, WHAT_IF } from '../state/what-if.ts'
import { EditRows, type EditRowsProps } from './edit-rows.tsx'
import { RefusedNotes } from './refused-notes.tsx'

export function EditTable(place: Pick<EditRowsProps, 'isPlace' | 'onOpen'>) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { actions } = useServices()
  const whatIf = useService(WHAT_IF)
  const settings = useSettings('token', 'families', 'tryWords')
  const answer = useApp((state) => state.a.answer)
  const asked = useApp(EDITS.of)
  const token = indexOn('a', settings.token)
  const current = asked !== null && answer !== null && sameInput(asked.question.input, answer.input) ? asked : null
  const toggle = (family: EditFamily, on: boolean): void =>
    actions.set({ families: EDIT_FAMILIES.filter((known) => (known === family ? on : settings.families.includes(known))) })
  const hasMask = useApp(({ model }) => model.status !== 'ready' || model.card.maskToken !== null)
  const rows = current?.answer?.rows ?? []
  const nothing = settings.families.includes('mask') && !hasMask ? t('whatIf.noMask') : t('whatIf.nothing')
  const emptyText = answer === null ? '…' : settings.families.length > 0 ? nothing : t('whatIf.none')
  const left = rows.at(-1)?.left ?? null
  const chosen = token === null ? undefined : answer?.row.tokens[token]
  return (
    <section className="what-if-part" aria-label={t('whatIf.table')}>
      <h2>{t('whatIf.table')}</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is tried */}
      <div className="chart-heads" role="group" aria-label={t('whatIf.families')}>
        <span className="ui-label">{t('whatIf.families')}</span>
        {EDIT_FAMILIES.filter((family) => family !== 'mask' || hasMask || settings.families.includes(family)).map((family) => (
          <CheckField
            key={family}
            label={t(`whatIf.family.${family}`)}
            isSelected={settings.families.includes(family)}
            onChange={(on) => toggle(family, on)}
          />
        ))}
      </div>
      <TextField
        label={chosen ? t('whatIf.words', { token: chosen.label.trim() }) : t('whatIf.wordsNoToken')}
        placeholder={t('whatIf.wordsExample')}
        value={settings.tryWords}
        onChange={(tryWords) => actions.set({ tryWords })}
      />
      <RefusedNotes refused={current?.answer?.refused ?? []} tooMany={listedWords(settings).tooMany} />
      <div className="chart-heads">
        <AskedStatus
          status={current?.status}
          progress={left === null ? t('asked.running') : t('whatIf.left', { count: left })}
          onStop={() => whatIf.stop('edits')}
          onAgain={() => whatIf.again('edits')}
        />
      </div>
      {current?.error && <p className="note note-error">{errorText(current.error)}</p>}
      {answer && rows.length > 0 ? (
        <EditRows rows={rows} answer={answer} {...place} />
      ) : (
        current?.status !== 'running' && <p className="empty-state">{emptyText}</p>
      )}
      <p className="shows">
        {t('whatIf.tableShows')} <span className="shows-not">{t('whatIf.tableNot')}</span>
      </p>
    </section>
  )
}
