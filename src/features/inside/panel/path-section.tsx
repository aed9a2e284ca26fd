// The way from a token to the answer: the whole model as one picture, and below it what the reader has opened of it.

import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp, useService, useServices } from '#panels/shared/app-context.tsx'
import { AskedStatus } from '#panels/shared/asked-status.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { PopoverButton } from '#ui/popover-button'
import type { InferencePath } from '../api.ts'
import { headOf, PATH_SERVICE, pathOf, type Zoom, zoomOf } from '../state/path.ts'
import { PathBlock } from './path-block.tsx'
import { PathHead } from './path-head.tsx'
import { PathPicture } from './path-picture.tsx'
import { shortLength } from './path-shared.ts'
import './path.css'

const NOTES = ['aboutPath', 'aboutLengths', 'aboutHead', 'aboutRotary'] as const

export function PathSection() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { actions } = useServices()
  const service = useService(PATH_SERVICE)
  const frame = useRef<HTMLElement>(null)
  const asked = useApp(pathOf)
  const detail = useApp(headOf)
  const zoom = useApp(zoomOf)
  const isByToken = useApp(({ model }) => model.status === 'ready' && isLanguageModel(model.card.task))
  const path = asked?.answer ?? null
  const layer = path !== null && zoom.layer !== null && zoom.layer < path.layers.length ? zoom.layer : null
  const head = path !== null && layer !== null && zoom.head !== null && zoom.head < path.heads ? zoom.head : null
  const look = (change: Partial<Zoom>): void => service.look({ ...zoom, ...change })
  /** Out by one level, to what opened it. */
  const leave = (change: Partial<Zoom>, opener: string): void => {
    look(change)
    frame.current?.querySelector<HTMLElement>(opener)?.focus()
  }
  const failed = asked?.error ?? detail?.error ?? null
  return (
    <section className="path" ref={frame} aria-label={t('inside.path.title')}>
      <div className="room-toolbar">
        <h2>
          {path === null
            ? t('inside.path.title')
            : t('inside.path.titleOf', { token: shownLabel(path.tokens[path.position]?.label ?? '') })}
        </h2>
        <PopoverButton icon="help" title={t('inside.about')}>
          {NOTES.map((name) => (
            <p key={name} className="popover-text">
              {t(`inside.path.${name}`)}
            </p>
          ))}
        </PopoverButton>
        <AskedStatus status={asked?.status} progress={t('inside.path.running')} onStop={service.stop} onAgain={service.again} />
        {failed && <p className="note note-warning">{errorText(failed)}</p>}
      </div>
      {path === null ? <div className="path-waiting" aria-busy={failed === null} /> : <Steps path={path} isByToken={isByToken} />}
      {path !== null && path.norms.length === 0 && <p className="note">{t('inside.path.noStream')}</p>}
      {path !== null && path.norms.length > 0 && (
        <PathPicture
          path={path}
          layer={layer}
          onOpen={(opened) => look({ layer: opened, head: null, cell: null })}
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
          onOpen={(opened) => look({ head: opened, cell: null })}
          onLeave={() => leave({ layer: null, head: null, cell: null }, `[data-block="${layer}"]`)}
        />
      )}
      {path !== null && layer !== null && head !== null && detail?.answer && (
        <PathHead
          path={path}
          detail={detail.answer}
          cell={zoom.cell}
          onCell={(cell) => look({ cell })}
          onLeave={() => leave({ head: null, cell: null }, '.path-head.is-open')}
        />
      )}
    </section>
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
