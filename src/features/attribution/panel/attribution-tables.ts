// What the tab on what mattered shows, as tables for files: one for each method and side, with what was asked and what it took.

import { type AttributionMethodId, METHODS } from '#catalogue/attribution-methods'
import { ATTRIBUTION_CHARTS } from '#catalogue/charts'
import type { Attribution } from '#methods/attribution'
import { aboutTarget } from '#panels/shared/about-target.ts'
import { type About, type MatrixTable, orNull } from '#panels/shared/export-tables.ts'
import type { AppState, SideAnswer } from '#state/app-state'
import { type AttributionSide, attributionsOf } from '#state/attributions'
import { type Pane, rowPanesOf } from '#state/layout/panes'
import { optionsOf } from '#state/target'
import { sampleText } from '#views/bars/surrogate'
import { contributionsOf, noSteps, type Sides } from './contributions.ts'
import { attributionRows, currentAttribution, type MethodRow } from './rows.ts'
import { sampledPanes, samplesOf } from './samples.ts'

/** Where steps lead to the output, with both their ends. */
export function attributionTables(state: AppState): readonly MatrixTable[] {
  const { methods, unit, attributionChart } = state.settings
  const { takes } = ATTRIBUTION_CHARTS[attributionChart]
  if (takes === 'surrogate') return sampleTables(state)
  const answers: Answers = { a: state.a.answer, reference: state.reference?.answer ?? null }
  return rowPanesOf(state).flatMap((pane) => {
    const rows = attributionRows(pane, methods, attributionsOf(state), { byWord: unit !== 'token', answers })
    return methods.flatMap((method, at) => {
      const row = rows.methods[at]
      if (row === undefined) return []
      const sides = sidesOf(state, method, answers)
      const table = methodTable(pane, method, row, aboutOf(state, pane, method, sides))
      return [takes === 'steps' ? withEnds(table, pane, row, sides) : table]
    })
  })
}

type Answers = Readonly<Record<AttributionSide, SideAnswer | null>>

function sidesOf(state: AppState, method: AttributionMethodId, answers: Answers): Sides {
  const attributions = attributionsOf(state)
  return {
    a: currentAttribution(attributions.a[method], answers.a),
    b: currentAttribution(attributions.reference[method], answers.reference),
  }
}

function methodTable(
  { side }: Pane,
  method: AttributionMethodId,
  { columns, values, errors }: MethodRow,
  about: About | null,
): MatrixTable {
  return {
    side,
    heads: 'attribution',
    rows: [method],
    columns: columns.map(({ axis }) => axis.label),
    values: [Array.from(values, orNull)],
    ...(errors.every(Number.isNaN) ? {} : { errors: [Array.from(errors, orNull)] }),
    ...(about === null ? {} : { about }),
  }
}

/** null before there is an answer. */
function aboutOf(state: AppState, { side, answer }: Pane, method: AttributionMethodId, { a, b }: Sides): About | null {
  const shown = (side === 'difference' ? [a, b] : [side === 'b' ? b : a]).filter((one) => one !== null)
  const [first] = shown
  if (first === undefined) return null
  const { target, taken } = first
  const sum = (of: (one: Attribution) => number): number => shown.reduce((total, one) => total + of(one), 0)
  return {
    ...aboutTarget(state.settings, answer, target),
    unit: taken?.unit ?? null,
    absence: taken?.removal ?? null,
    ...settingsOf(state, method, answer.layers),
    runs: sum(({ runs }) => runs),
    runs_known_before: sum(({ known }) => known),
    is_finished: shown.every(({ left }) => left === 0),
    sum: shown.length > 1 || !first.isSigned ? null : orNull(sumOf(first)),
    expected_sum: shown.length > 1 ? null : first.expectedSum,
  }
}

/** Settings of a method that change something for it. */
function settingsOf(
  state: AppState,
  method: AttributionMethodId,
  layers: number,
): Pick<About, 'baseline' | 'layer' | 'noise_percent' | 'lime_units'> {
  const { options } = METHODS[method]
  const { baseline, layer, noise, features } = optionsOf(state)
  return {
    baseline: options.includes('baseline') ? baseline : null,
    layer: options.includes('layer') ? Math.min(layer, layers) : null,
    noise_percent: options.includes('noise') ? Math.round(100 * noise) : null,
    lime_units: options.includes('features') ? features : null,
  }
}

function sumOf({ values }: Attribution): number {
  return values.reduce((total, value) => total + value, 0)
}

const ENDS = ['base', 'tokens not shown', 'not explained', 'output'] as const

function withEnds(table: MatrixTable, { side }: Pane, row: MethodRow, sides: Sides): MatrixTable {
  const own = side === 'b' ? sides.b : sides.a
  const ends = own === null || noSteps(own) !== null ? ENDS.map(() => null) : endsOf(side, row, sides)
  const noErrors = ENDS.map(() => null)
  return {
    ...table,
    columns: [...table.columns, ...ENDS],
    values: table.values.map((cells) => [...cells, ...ends]),
    ...(table.errors === undefined ? {} : { errors: table.errors.map((cells) => [...cells, ...noErrors]) }),
  }
}

function endsOf(side: Pane['side'], row: MethodRow, sides: Sides): readonly (number | null)[] {
  const { base, output, parts } = contributionsOf(side, row, sides, { hidden: '', rest: '' })
  const partOf = (kind: 'hidden' | 'rest'): number => parts.find((part) => part.kind === kind)?.value ?? 0
  return [base, partOf('hidden'), partOf('rest'), output].map(orNull)
}

/** LIME's samples of each side on screen, most weight first. */
function sampleTables(state: AppState): readonly MatrixTable[] {
  const answers: Answers = { a: state.a.answer, reference: state.reference?.answer ?? null }
  return sampledPanes(rowPanesOf(state)).flatMap((pane): readonly MatrixTable[] => {
    const side = pane.side === 'b' ? 'b' : 'a'
    const sides = sidesOf(state, 'lime', answers)
    const samples = sides[side] === null ? [] : samplesOf(sides[side], pane.answer, '(zero)')
    if (samples.length === 0) return []
    const about = aboutOf(state, { ...pane, side }, 'lime', sides)
    return [
      {
        side,
        heads: 'samples of LIME',
        rows: samples.map(sampleText),
        columns: ['model', 'line', 'weight'],
        values: samples.map(({ output, fitted, weight }) => [output, fitted, weight].map(orNull)),
        ...(about === null ? {} : { about }),
      },
    ]
  })
}
