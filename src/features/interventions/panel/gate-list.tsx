// The answer untouched and now, and the parts that are switched off or scaled.

import { useTranslation } from 'react-i18next'
import type { Gate } from '#methods/intervention/activation-change'
import { useApp } from '#panels/shared/app-context.tsx'
import { shownLabel } from '#panels/shared/shown-label.ts'
import { useErrorText } from '#panels/shared/use-error-text.tsx'
import { useFormat } from '#panels/shared/use-format.tsx'
import { Button } from '#ui/button'
import { SelectBox } from '#ui/select-box'
import type { Gated, GatedScore } from '../api.ts'
import { gatedOf, kindIn, sweepOf } from '../state/interventions.ts'
import { useGates } from './use-gates.tsx'
import { usePartName } from './use-part-name.tsx'

/** How much of a part may be left, in percent. */
const SCALES = ['0', '50', '200', '-100'] as const
/** Rows of a vocabulary that are shown. */
const LISTED = 7

export function GateList() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const gated = useApp(gatedOf)
  return (
    <div className="gate-side">
      <h2>{t('intervene.answer')}</h2>
      {gated?.error && (
        <p className="note note-warning" role="status">
          {errorText(gated.error)}
        </p>
      )}
      {gated?.answer && <AnswerTable found={gated.answer} />}
      <GatedParts />
    </div>
  )
}

function AnswerTable({ found }: { readonly found: Gated }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { rows, untouched, now, target, foil } = found
  const listed = [
    ...rows.filter(({ label }) => label === target || label === foil),
    ...rows.filter(({ label }) => label !== target && label !== foil),
  ]
  const shown = rows.filter((row) => listed.slice(0, LISTED).includes(row))
  const hasShares = rows.some((row) => row.now.probability !== null)
  const number = ({ score, probability }: GatedScore): string => (probability === null ? format.signed(score) : format.percent(probability))
  const change = (before: GatedScore, after: GatedScore): string =>
    before.probability === null || after.probability === null
      ? format.difference(after.score - before.score)
      : t('intervene.points', { points: format.short((after.probability - before.probability) * 100) })
  const measured =
    foil === null
      ? t('intervene.logitOf', { target: labelIn(target, format.label) })
      : t('intervene.logitAgainst', { target: labelIn(target, format.label), foil: labelIn(foil, format.label) })
  return (
    <table className="gate-table" aria-live="polite">
      <thead>
        <tr>
          <td />
          <th scope="col">{t('intervene.untouched')}</th>
          <th scope="col">{t('intervene.now')}</th>
          <th scope="col">{t('intervene.difference')}</th>
        </tr>
      </thead>
      <tbody>
        <tr className="is-measured">
          <th scope="row">{measured}</th>
          <td>{format.signed(untouched)}</td>
          <td>{format.signed(now)}</td>
          <td>{format.difference(now - untouched)}</td>
        </tr>
        {shown.map((row) => (
          <tr key={row.index} className={row === rows[0] ? 'is-best' : ''}>
            <th scope="row">{labelIn(row.label, format.label)}</th>
            <td>{number(row.untouched)}</td>
            <td>{number(row.now)}</td>
            <td>{change(row.untouched, row.now)}</td>
          </tr>
        ))}
      </tbody>
      <caption>{t(hasShares ? 'intervene.inShares' : 'intervene.inLogits')}</caption>
    </table>
  )
}

function labelIn(label: string, named: (label: string) => string): string {
  return shownLabel(named(label))
}

function GatedParts() {
  const { t } = useTranslation()
  const partName = usePartName()
  const { gates, toggle, scale, set, undo, canUndo } = useGates()
  const strongest = useStrongest(gates)
  return (
    <section className="gated" aria-label={t('intervene.gates')}>
      <div className="gate-actions">
        <Button isDisabled={strongest === null} onPress={() => strongest !== null && toggle(strongest)}>
          {t('intervene.strongest')}
        </Button>
        <Button look="quiet" icon="undo" isDisabled={!canUndo} onPress={undo}>
          {t('intervene.undo')}
        </Button>
        <Button look="quiet" icon="close" isDisabled={gates.length === 0} onPress={() => set([])}>
          {t('intervene.clear')}
        </Button>
      </div>
      {gates.length === 0 ? (
        <p className="note">{t('intervene.none')}</p>
      ) : (
        <ul>
          {gates.map((gate) => (
            <li key={partName(gate.part)}>
              <SelectBox
                label={partName(gate.part)}
                value={String(Math.round(gate.scale * 100))}
                options={Array.from(new Set([...SCALES, String(Math.round(gate.scale * 100))])).map((value) => ({
                  value,
                  text: value === '0' ? t('intervene.off') : t('intervene.left', { percent: value.replace('-', '−') }),
                }))}
                onChange={(value) => scale(gate.part, Number(value) / 100)}
              />
              <Button
                look="quiet"
                icon="close"
                label={t('intervene.restore', { part: partName(gate.part) })}
                onPress={() => toggle(gate.part)}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The head that does most for the target and is still on. */
function useStrongest(gates: readonly Gate[]) {
  const kind = useApp(kindIn)
  const sweep = useApp((state) => sweepOf(state)?.answer ?? null)
  const layers = sweep?.kinds.find((one) => one.kind === kind)?.layers ?? []
  const heads = layers.flatMap(({ layer, heads: numbers, untouched }) =>
    numbers.map((number, head) => ({ part: { kind: 'head', layer, head } as const, effect: untouched - number })),
  )
  const isOn = ({ part }: (typeof heads)[number]) =>
    !gates.some((gate) => gate.part.layer === part.layer && gate.part.head === part.head && gate.part.kind === 'head')
  const best = heads.filter(isOn).toSorted((one, other) => other.effect - one.effect)[0]
  return best === undefined || best.effect <= 0 ? null : best.part
}
