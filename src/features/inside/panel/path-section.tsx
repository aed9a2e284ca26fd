// The way from a token to the answer: the whole model as one picture, and below it what the reader has opened of it.

import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { PathZoom } from '#share/settings'
import { Button } from '#ui/button'
import { PopoverButton } from '#ui/popover-button'
import type { InferencePath } from '../api.ts'
import { headOf, PATH_SERVICE, pathOf } from '../state/path.ts'
import { PathBlock } from './path-block.tsx'
import { PathHead } from './path-head.tsx'
import { PathPicture } from './path-picture.tsx'
import { MOST_SHOWN, runsOf, shortLength, shownPositions, usualStart, WINDOW_STEP } from './path-shared.ts'
import './path.css'

const NOTES = ['aboutPath', 'aboutLengths', 'aboutHead', 'aboutRotary'] as const

export function PathSection() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { actions } = useServices()
  const service = useService(PATH_SERVICE)
  const frame = useRef<HTMLElement>(null)
  const found = useApp(pathOf)
  const detail = useApp(headOf)
  const zoom = useApp(({ settings }) => settings.pathZoom)
  const [moved, setMoved] = useState<MovedWindow | null>(null)
  const isByToken = useApp(({ model }) => model.status === 'ready' && isLanguageModel(model.card.task))
  const path = found?.answer ?? null
  // A link may name a block or a head that this model does not have.
  const layer = path !== null && zoom !== null && zoom.layer < path.layers.length ? zoom.layer : null
  const head = path !== null && layer !== null && zoom !== null && zoom.head !== null && zoom.head < path.heads ? zoom.head : null
  const look = (pathZoom: PathZoom | null): void => actions.set({ pathZoom })
  /** Out by one level, to what opened it. */
  const leave = (outer: PathZoom | null, opener: string): void => {
    look(outer)
    frame.current?.querySelector<HTMLElement>(opener)?.focus()
  }
  const cell = head === null ? null : (zoom?.cell ?? null)
  const count = path?.tokens.length ?? 0
  const start = path === null ? 0 : moved !== null && moved.path === path ? moved.start : usualStart(count, path.position)
  const shown = path === null ? [] : shownPositions(count, [path.position, ...(cell === null ? [] : [cell.query, cell.key])], start)
  const move = (by: -1 | 1): void => {
    if (path === null || count <= MOST_SHOWN) return
    setMoved({ path, start: Math.max(1, Math.min(count - WINDOW_STEP, start + by * WINDOW_STEP)) })
  }
  const failed = found?.error ?? detail?.error ?? null
  return (
    <section className="path" ref={frame} aria-label={t('inside.path.title')}>
      <div className="room-toolbar">
        <h2>
          {path === null
            ? t('inside.path.title')
            : t('inside.path.titleOf', { token: shownLabel(path.tokens[path.position]?.label ?? '') })}
        </h2>
        <span className="path-tools" data-not-exported="">
          <PopoverButton icon="help" title={t('inside.about')}>
            {NOTES.map((name) => (
              <p key={name} className="popover-text">
                {t(`inside.path.${name}`)}
              </p>
            ))}
          </PopoverButton>
          <AskedStatus status={found?.status} progress={t('inside.path.running')} onStop={service.stop} onAgain={service.again} />
        </span>
        {failed && <p className="note note-warning">{errorText(failed)}</p>}
      </div>
      {path === null ? <div className="path-waiting" aria-busy={failed === null} /> : <Steps path={path} isByToken={isByToken} />}
      {path !== null && path.norms.length === 0 && <p className="note">{t('inside.path.noStream')}</p>}
      {count > shown.length && <Window count={count} start={start} shown={shown} onMove={move} />}
      {path !== null && path.norms.length > 0 && (
        <PathPicture
          path={path}
          layer={layer}
          shown={shown}
          onOpen={(opened) => look(opened === null ? null : { layer: opened, head: null, cell: null })}
          onMove={move}
          onPosition={(index) => {
            const token = { side: 'a', index } as const
            // What stands at another place of a language model's text is another question.
            actions.set(isByToken ? { token, explains: 'after', target: null, foil: null } : { token })
          }}
        />
      )}
      {path !== null && layer !== null && (
        <PathBlock
          path={path}
          layer={layer}
          head={head}
          shown={shown}
          onOpen={(opened) => look({ layer, head: opened, cell: null })}
          onLeave={() => leave(null, `[data-block="${layer}"]`)}
        />
      )}
      {path !== null && layer !== null && head !== null && detail?.answer && (
        <PathHead
          path={path}
          detail={detail.answer}
          cell={cell}
          shown={shown}
          onCell={(chosen) => look({ layer, head, cell: chosen })}
          onLeave={() => leave({ layer, head: null, cell: null }, '.path-head.is-open')}
        />
      )}
    </section>
  )
}

/** Another path has its own window. */
interface MovedWindow {
  readonly path: InferencePath
  readonly start: number
}

interface WindowProps {
  /** Positions of the text. */
  readonly count: number
  /** Where the window begins. */
  readonly start: number
  readonly shown: readonly number[]
  readonly onMove: (by: -1 | 1) => void
}

/** Which positions of a long text are drawn, and the others. */
function Window({ count, start, shown, onMove }: WindowProps) {
  const { t } = useTranslation()
  const hidden = Array.from({ length: count }, (_, at) => at).filter((at) => !shown.includes(at))
  return (
    <div className="room-toolbar path-window">
      <span className="path-tools" data-not-exported="">
        <Button look="quiet" isDisabled={!hidden.some((at) => at < start)} onPress={() => onMove(-1)}>
          {t('inside.path.earlier')}
        </Button>
        <Button look="quiet" isDisabled={!hidden.some((at) => at > start)} onPress={() => onMove(1)}>
          {t('inside.path.later')}
        </Button>
      </span>
      <p className="note" role="status">
        {t('inside.path.window', { shown: runsOf(shown), all: count })}
      </p>
    </div>
  )
}

function isLanguageModel(task: string): boolean {
  return task === 'causal-lm' || task === 'masked-lm'
}

/** A plain sentence for each stage, in the order of the picture. */
function Steps({ path, isByToken }: { readonly path: InferencePath; readonly isByToken: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { tokens, position, width, embedding, layers, answer } = path
  const token = tokens[position]
  const best = answer?.[0]
  return (
    <ol className="path-steps">
      <li>{t('inside.path.steps.token', { token: shownLabel(token?.label ?? ''), id: token?.id ?? 0 })}</li>
      <li>
        {t(embedding === null ? 'inside.path.steps.vector' : 'inside.path.steps.embedding', { width, length: shortLength(embedding) })}
      </li>
      <li>{t('inside.path.steps.blocks', { count: layers.length })}</li>
      <li>
        {best === undefined
          ? t('inside.path.steps.state')
          : t(isByToken ? 'inside.path.steps.answer' : 'inside.path.steps.classes', { token: shownLabel(format.label(best.label)) })}
      </li>
    </ol>
  )
}
