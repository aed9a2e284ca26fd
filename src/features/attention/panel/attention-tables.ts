import { ATTENTION_CHARTS } from '#catalogue/charts'
import { focusTables, type MatrixTable, paneTables } from '#panels/shared/export-tables.ts'
import type { AppState } from '#state/app-state'
import { panesOf } from '#state/layout/panes'
import { gradientAttentionPanesOf } from '../state/gradient-attention.ts'

/** What the attention tab shows, as tables for files. */
export function attentionTables(state: AppState): readonly MatrixTable[] {
  const { chart, reduce } = state.settings
  if (ATTENTION_CHARTS[chart].takes === 'token') return focusTables(panesOf(state), reduce)
  return paneTables(gradientAttentionPanesOf(state) ?? panesOf(state))
}
