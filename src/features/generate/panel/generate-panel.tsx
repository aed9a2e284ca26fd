// Generate: how a language model goes on, token by token: what it could say at each place, what the rules draw, and every branch that was tried.

import { type CSSProperties, Fragment, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { kindOf } from '#answers/answer-kinds'
import { useApp, useService, useServices, useSettings } from '#panels/shared/app-context.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { isApart } from '#panels/shared/unit-text.ts'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import type { Token } from '#text/token'
import { Button } from '#ui/button'
import { PopoverButton } from '#ui/popover-button'
import { SliderField } from '#ui/slider-field'
import { canGenerate, currentNext, currentTree, GENERATE, growth, isFilled, isFilling, masksIn, nextError } from '../state/generate.ts'
import { idsIn, type NodeKey, pathTo, type TreeNode } from '../state/tree.ts'
import { BranchList } from './branch-list.tsx'
import { ChoiceList } from './choice-list.tsx'
import { CutFields } from './cut-fields.tsx'
import './generate.css'

const HUNDRED = 100
/** Surprise that is painted in full: one in a thousand. */
const FULL_BITS = 10

export function GeneratePanel() {
  const { t } = useTranslation()
  const answer = useApp((state) => state.a.answer)
  const fills = useApp(isFilling)
  const masks = useApp(masksIn)
  if (answer?.row.tokens.length === 0) return <p className="empty-state">{t('generate.noText')}</p>
  if (fills && masks.length === 0) return <p className="empty-state">{t('generate.noMask')}</p>
  if (!fills && answer && !kindOf(answer.prediction).readsOn(answer.prediction)) {
    return <p className="empty-state">{t('generate.noNext')}</p>
  }
  return (
    <section className="generate" aria-label={t('generate.label')} id="charts" tabIndex={-1}>
      <Toolbar />
      <Text />
    </section>
  )
}

function Toolbar() {
  const { t } = useTranslation()
  const { actions } = useServices()
  const generate = useService(GENERATE)
  const { temperature, generateCount } = useSettings('temperature', 'generateCount')
  const tree = useApp(currentTree)
  const next = useApp(currentNext)
  const isRunning = useApp((state) => growth(state)?.status === 'running')
  const fills = useApp(isFilling)
  const canGrow = useApp((state) => canGenerate(state) && !isFilled(state))
  return (
    <div className="generate-toolbar">
      <Button
        look="primary"
        icon={isRunning ? 'close' : 'play'}
        isDisabled={!isRunning && !canGrow}
        onPress={isRunning ? generate.stop : generate.grow}
      >
        {isRunning ? t('asked.stop') : fills ? t('generate.fill') : t('generate.grow', { count: generateCount })}
      </Button>
      <Button isDisabled={isRunning || next === null} onPress={() => next && generate.take(tree.at, next, next.drawn)}>
        {t('generate.growOne')}
      </Button>
      <SliderField
        label={t('generate.temperature')}
        value={temperature}
        min={0}
        max={Math.max(200, temperature)}
        step={5}
        format={(value) => (value === 0 ? t('generate.greedy') : (value / HUNDRED).toFixed(2))}
        onChange={(value) => actions.set({ temperature: value })}
      />
      <CutFields />
      <PopoverButton icon="help" title={t('generate.about')}>
        <p className="popover-text">{t('generate.shows')}</p>
        <p className="popover-text">{t('generate.showsNot')}</p>
      </PopoverButton>
      <Status />
    </div>
  )
}

/** What was added, how fast, and what stands in the way. */
function Status() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const format = useFormat()
  const tree = useApp(currentTree)
  const status = useApp((state) => growth(state)?.status ?? null)
  const failure = useApp((state) => growth(state)?.error ?? nextError(state))
  const path = pathTo(tree, tree.at)
  return (
    <span role="status" className="note generate-status">
      {failure && errorText(failure)}
      {!failure && path.length > 0 && (
        <>
          {t('generate.added', { count: path.length })}
          {tree.ms !== null && status !== 'running' && ` · ${t('generate.speed', { ms: format.count(Math.round(tree.ms)) })}`}
          {tree.cache !== null && tree.cache !== 'kept' && ` · ${t(`generate.cache.${tree.cache}`)}`}
          {tree.lacking && ` (${t(`generate.lacking.${tree.lacking.reason}`, { at: tree.lacking.at ?? '' })})`}
          {status === 'stopped' && ` · ${t('asked.stopped')}`}
          {(tree.ended === 'end-token' || tree.ended === 'longest') && ` · ${t(`generate.ended.${tree.ended}`)}`}
        </>
      )}
    </span>
  )
}

function Text() {
  const { t } = useTranslation()
  const generate = useService(GENERATE)
  const tree = useApp(currentTree)
  const next = useApp(currentNext)
  const isRunning = useApp((state) => growth(state)?.status === 'running')
  const prompt = useApp((state) => state.a.answer?.input.text ?? '')
  const [looked, setLooked] = useState<NodeKey | null>(null)
  const path = pathTo(tree, tree.at)
  // A token that is not in the text any more is not looked at.
  const node = path.find(({ key }) => key === looked) ?? null
  const place = node === null ? tree.at : node.parent
  const choice = node === null ? next : node.choice
  const fills = useApp(isFilling)
  const filled = useApp(isFilled)
  const buttons = path.map((one) => (
    <TokenButton key={one.key} node={one} isChosen={one === node} onPress={() => setLooked(one === node ? null : one.key)} />
  ))
  return (
    <div className="generate-body">
      <div className="generate-text-part">
        <p className="generate-text" dir="auto">
          {fills ? (
            <FilledText buttons={buttons} />
          ) : (
            <>
              <span className="generate-prompt">{prompt}</span>
              {buttons}
            </>
          )}
          {isRunning && <span className="generate-caret" aria-hidden="true" />}
        </p>
        {path.length > 0 && <p className="note">{t('generate.tint', { bits: FULL_BITS })}</p>}
        <BranchList />
      </div>
      {filled && node === null ? (
        <p className="note">{t('generate.filled')}</p>
      ) : (
        <ChoiceList
          choice={choice}
          node={node}
          mask={fills ? idsIn(place).length + 1 : null}
          after={path.findLast(({ key }) => key === place)?.token.label ?? prompt.trim().split(/\s+/).at(-1) ?? ''}
          onTake={(token) => {
            if (choice === null) return
            generate.take(place, choice, token)
            setLooked(null)
          }}
        />
      )}
    </div>
  )
}

/** The text with what stands in its masks; the next mask is marked. */
function FilledText({ buttons }: { readonly buttons: readonly ReactNode[] }) {
  const tokens = useApp((state) => state.a.answer?.row.tokens ?? NO_TOKENS)
  const masks = useApp(masksIn)
  return tokens.map((token, at) => {
    if (token.source === 'template') return null
    const mask = masks.indexOf(at)
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: tokens stand in their places
      <Fragment key={at}>
        {isApart(tokens, at) && ' '}
        {mask < 0 ? (
          <span className="generate-prompt">{token.label}</span>
        ) : (
          (buttons[mask] ?? <span className={`generate-mask${mask === buttons.length ? ' is-next' : ''}`}>{token.piece}</span>)
        )}
      </Fragment>
    )
  })
}

const NO_TOKENS: readonly Token[] = []

interface TokenButtonProps {
  readonly node: TreeNode
  readonly isChosen: boolean
  readonly onPress: () => void
}

function TokenButton({ node: { token, probability, rank }, isChosen, onPress }: TokenButtonProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const bits = -Math.log2(probability)
  const style: CSSProperties & Record<'--share', string> = { '--share': String(Math.min(1, bits / FULL_BITS)) }
  const told = t('generate.tokenTold', {
    token: shownLabel(token.label),
    probability: format.percent(probability),
    rank,
    bits: bits.toFixed(1),
  })
  return (
    <button type="button" className="generate-token" style={style} aria-pressed={isChosen} aria-label={told} title={told} onClick={onPress}>
      {token.label.includes('\n') ? token.label.replaceAll('\n', '↵') : token.label}
    </button>
  )
}
