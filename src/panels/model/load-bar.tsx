import { useTranslation } from 'react-i18next'
import { useApp } from '../shared/app-context.tsx'
import { LoadLine } from './load-line.tsx'
import './model.css'

/** How the page's model is coming along, over the page until it is there. */
export function LoadBar() {
  const { t } = useTranslation()
  const status = useApp((state) => state.model.status)
  if (status === 'ready') return null
  return (
    <section className={status === 'loading' ? 'load-bar' : 'load-bar is-stopped'} aria-label={t('model.label')}>
      <LoadLine slot="model" />
    </section>
  )
}
