import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TokenEdit } from '#text/edit'
import type { Token } from '#text/token'
import { Button } from '#ui/button'

export interface TokenToolbarProps {
  readonly tokens: readonly Token[]
  readonly index: number
  readonly maskToken: string | null
  readonly replacing: boolean
  readonly onReplacing: (replacing: boolean) => void
  readonly onEdit: (edit: TokenEdit) => void
}

/** What can be done to the chosen token, in place under the sentence. */
export function TokenToolbar({ tokens, index, maskToken, replacing, onReplacing, onEdit }: TokenToolbarProps) {
  const { t } = useTranslation()
  const token = tokens[index]
  if (!token) return null
  if (token.source === 'template') return <p className="token-hint">{t('edit.template', { token: token.label })}</p>
  const next = tokens[index + 1]
  if (replacing) {
    return (
      <ReplaceForm
        token={token.label}
        onCancel={() => onReplacing(false)}
        onApply={(word) => {
          onReplacing(false)
          onEdit({ kind: 'replace', at: index, word })
        }}
      />
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these are plain actions
    <div className="token-toolbar" role="group" aria-label={t('edit.toolbar', { token: token.label })}>
      <span className="token-toolbar-name">{token.label}</span>
      {maskToken !== null && <Button onPress={() => onEdit({ kind: 'mask', at: index })}>{t('edit.mask')}</Button>}
      <Button onPress={() => onEdit({ kind: 'delete', at: index })}>{t('edit.delete')}</Button>
      <Button onPress={() => onReplacing(true)}>{t('edit.replace')}</Button>
      <Button onPress={() => onEdit({ kind: 'duplicate', at: index })}>{t('edit.duplicate')}</Button>
      {next && next.source !== 'template' && <Button onPress={() => onEdit({ kind: 'swap', at: index })}>{t('edit.swap')}</Button>}
    </div>
  )
}

interface ReplaceFormProps {
  readonly token: string
  readonly onApply: (word: string) => void
  readonly onCancel: () => void
}

function ReplaceForm({ token, onApply, onCancel }: ReplaceFormProps) {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (word.trim() !== '') onApply(word.trim())
  }
  return (
    <form className="token-toolbar" onSubmit={submit} aria-label={t('edit.toolbar', { token })}>
      <label className="token-replace">
        <span className="token-toolbar-name">{token}</span> → <span className="ui-hidden">{t('edit.replaceWith')}</span>
        <input
          // biome-ignore lint/a11y/noAutofocus: the reader has just asked to type here
          autoFocus
          value={word}
          maxLength={200}
          placeholder={t('edit.replaceWith')}
          onChange={(event) => setWord(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onCancel()
          }}
        />
      </label>
      <button type="submit" className="ui-button ui-button-primary" disabled={word.trim() === ''}>
        {t('edit.apply')}
      </button>
      <Button look="quiet" onPress={onCancel}>
        {t('edit.cancel')}
      </Button>
    </form>
  )
}
