import type { ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'

/** Tells the widgets the page's language, for their own words and number formats. */
export function Locale({ language, children }: { readonly language: string; readonly children: ReactNode }) {
  return <I18nProvider locale={language === 'zh' ? 'zh-CN' : 'en-US'}>{children}</I18nProvider>
}
