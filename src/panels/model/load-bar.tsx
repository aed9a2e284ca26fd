import { useTranslation } from 'react-i18next'
import { useApp } from '../shared/app-context.tsx'
import { LoadLine } from './load-line.tsx'
import { OpeningLine } from './opening-line.tsx'
import './model.css'

/** How a model is coming along, over the page: the page's own until it is there, then one that is to take its place. */
export function LoadBar() {
  const { t } = useTranslation()
  const status = useApp((state) => state.model.status)
  const opening = useApp((state) => state.opening)
  const going = opening?.status ?? status
  // Gradients that come beside the running model are told where they are waited for.
  const isQuiet = going === 'ready' || (status === 'ready' && opening?.brings === 'gradients' && opening.status === 'loading')
  if (isQuiet) return null
  return (
    <section className={going === 'loading' ? 'load-bar' : 'load-bar is-stopped'} aria-label={t('model.label')}>
      {opening ? <OpeningLine opening={opening} /> : <LoadLine slot="model" />}
    </section>
  )
}
