import { useTranslation } from 'react-i18next'
import type { LanguageRow } from '#catalogue/languages'
import { Button } from '#ui/button'
import { MenuButton } from '#ui/menu-button'

export interface LanguageSwitchProps<Code extends string> {
  readonly languages: Readonly<Record<Code, LanguageRow>>
  readonly onChoose: (language: Code) => void
}

/** Names the other language and changes to it; a menu where there are more than one other. */
export function LanguageSwitch<Code extends string>({ languages, onChoose }: LanguageSwitchProps<Code>) {
  const { t, i18n } = useTranslation()
  const codes = Object.keys(languages).filter((code): code is Code => code in languages)
  const others = codes.filter((code) => code !== i18n.language)
  const [other] = others
  if (other === undefined) return null
  if (others.length === 1) {
    return (
      <Button look="quiet" icon="globe" label={t('app.language.label')} onPress={() => onChoose(other)}>
        <span lang={other}>{languages[other].name}</span>
      </Button>
    )
  }
  return (
    <MenuButton
      label={t('app.language.label')}
      icon="globe"
      entries={codes.map((code) => ({ id: code, text: languages[code].name }))}
      onChoose={(id) => {
        const chosen = codes.find((code) => code === id)
        if (chosen !== undefined) onChoose(chosen)
      }}
    />
  )
}
