import { type ReactNode, useLayoutEffect } from 'react'
import { I18nProvider } from 'react-aria-components'

export interface LocaleProps {
  readonly language: string
  /** Of the language, for numbers and the widgets' own words. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  readonly children: ReactNode
}

/** Tells the widgets and the document the page's language. */
export function Locale({ language, locale, dir, children }: LocaleProps) {
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = dir
  }, [language, dir])
  return <I18nProvider locale={locale}>{children}</I18nProvider>
}
