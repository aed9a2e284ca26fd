import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LANGUAGES } from '#catalogue/languages'
import { Button } from '#ui/button'
import { MenuButton } from '#ui/menu-button'
import { PopoverButton } from '#ui/popover-button'
import { BackendChip } from '../model/backend-chip.tsx'
import { ModelChip } from '../model/model-chip.tsx'
import { useApp, useServices } from '../shared/app-context.tsx'
import { ExportMenu } from './export-menu.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { Mark } from './mark.tsx'
import './top-bar.css'

const THEMES = ['system', 'light', 'dark'] as const

/** @param children buttons of capabilities */
export function TopBar({ children }: { readonly children?: ReactNode }) {
  const { t } = useTranslation()
  const { actions } = useServices()
  return (
    <header className="top-bar">
      <h1 className="brand">
        <Mark />
        <span>{t('app.title')}</span>
        <span className="tagline">{t('app.tagline')}</span>
      </h1>
      <div className="top-model">
        <ModelChip />
        <BackendChip />
      </div>
      <div className="top-actions">
        {children}
        <ShareButton />
        <ExportMenu />
        <LanguageSwitch languages={LANGUAGES} onChoose={(language) => actions.set({ language })} />
        <ThemeMenu />
        <SizeButton />
        <PopoverButton title={t('app.help')} icon="help">
          <p className="popover-text">{t('app.helpText')}</p>
          <p className="popover-text">{t('app.caution')}</p>
          <h3 className="popover-heading">{t('app.helpKeys')}</h3>
          <ul className="popover-list">
            <li>{t('app.keyTokens')}</li>
            <li>{t('app.keyEdit')}</li>
            <li>{t('app.keyUndo')}</li>
          </ul>
        </PopoverButton>
      </div>
    </header>
  )
}

function ShareButton() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(actions.link())
      actions.notify('link-copied')
    } catch {
      actions.notify('link-not-copied')
    }
  }
  return <Button look="quiet" icon="share" label={t('app.share')} onPress={() => void copy()} />
}

function ThemeMenu() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const theme = useApp((state) => state.settings.theme)
  return (
    <MenuButton
      label={`${t('app.theme.label')}: ${t(`app.theme.${theme}`)}`}
      icon="theme"
      entries={THEMES.map((id) => ({ id, text: t(`app.theme.${id}`) }))}
      onChoose={(id) => {
        const chosen = THEMES.find((candidate) => candidate === id)
        if (chosen) actions.set({ theme: chosen })
      }}
    />
  )
}

function SizeButton() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const size = useApp((state) => state.settings.size)
  const large = size === 'presentation'
  return (
    <Button
      look="quiet"
      icon="screen"
      label={t(large ? 'app.normalSize' : 'app.presentation')}
      onPress={() => actions.set({ size: large ? 'normal' : 'presentation' })}
    />
  )
}
