// Which edits are tried: kinds of edits on every unit, and words of the reader's own in the place of the chosen token.

import { useTranslation } from 'react-i18next'
import { useApp, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { indexOn } from '#state/layout/token-ref'
import { CheckField } from '#ui/check-field'
import { Icon } from '#ui/icon'
import { PopoverButton } from '#ui/popover-button'
import { TextField } from '#ui/text-field'
import type { EditFamily } from '../api.ts'
import { EDIT_FAMILIES } from '../state/what-if.ts'

export function EditFields() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { token, families, tryWords } = useSettings('token', 'families', 'tryWords')
  const chosen = useApp(({ a }) => a.answer?.row.tokens[indexOn('a', token) ?? -1])
  const hasMask = useApp(({ model }) => model.status !== 'ready' || model.card.maskToken !== null)
  const toggle = (family: EditFamily, on: boolean): void =>
    actions.set({ families: EDIT_FAMILIES.filter((known) => (known === family ? on : families.includes(known))) })
  return (
    <PopoverButton
      title={t('whatIf.edits')}
      look="plain"
      text={
        <>
          {t('whatIf.editsChosen', { count: families.length })}
          <Icon name="down" />
        </>
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these choose what is tried */}
      <div className="edit-families" role="group" aria-label={t('whatIf.families')}>
        {EDIT_FAMILIES.filter((family) => family !== 'mask' || hasMask || families.includes(family)).map((family) => (
          <CheckField
            key={family}
            label={t(`whatIf.family.${family}`)}
            isSelected={families.includes(family)}
            onChange={(on) => toggle(family, on)}
          />
        ))}
      </div>
      <div className="own-words">
        <TextField
          label={chosen ? t('whatIf.words', { token: chosen.label.trim() }) : t('whatIf.wordsNoToken')}
          placeholder={t('whatIf.wordsExample')}
          value={tryWords}
          onChange={(words) => actions.set({ tryWords: words })}
        />
      </div>
    </PopoverButton>
  )
}
