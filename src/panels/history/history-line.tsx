import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '#ui/button'
import { useApp, useServices } from '../shared/app-context.tsx'
import './history.css'

/** Entries that have a dot; older ones are reached by undo. */
const DOTS = 24

/** The inputs that the reader went through: undo, redo, and a dot for each to go back to. */
export function HistoryLine() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const { entries, at } = useApp((state) => state.history)
  useUndoKeys(actions.undo, actions.redo)
  const first = Math.max(0, entries.length - DOTS)
  return (
    <nav className="history" aria-label={t('history.label')}>
      <Button look="quiet" icon="undo" label={t('history.undo')} isDisabled={at === 0} onPress={actions.undo} />
      <Button look="quiet" icon="redo" label={t('history.redo')} isDisabled={at === entries.length - 1} onPress={actions.redo} />
      <ol className="history-dots">
        {entries.slice(first).map((entry, i) => {
          const index = first + i
          const edits = entry.editsA.length + entry.editsB.length
          const edit = entry.editsB.at(-1) ?? entry.editsA.at(-1)
          const last = edit ? `, ${t(`edit.${edit.kind}`)} ${edit.at + 1}` : ''
          const name = `${t('history.entry', { number: index + 1, text: entry.textA.slice(0, 60) })}${last}`
          return (
            <li key={index}>
              <button
                type="button"
                className={`history-dot${edits > 0 ? ' has-edits' : ''}`}
                aria-current={index === at ? 'step' : undefined}
                aria-label={edits > 0 ? `${name}, ${t('history.edits', { count: edits })}` : name}
                title={edits > 0 ? `${name}, ${t('history.edits', { count: edits })}` : name}
                onClick={() => actions.goTo(index)}
              />
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** Ctrl or Cmd + Z, with Shift to redo; a text field keeps its own undo while it has the focus. */
function useUndoKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement
      if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      if (event.shiftKey) redo()
      else undo()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [undo, redo])
}
