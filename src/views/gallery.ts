// Every example of every chart: the development page and the snapshot tests.

import { arcsExamples } from './arcs.gallery.ts'
import { barsExamples } from './bars.gallery.ts'
import { flowExamples } from './flow.gallery.ts'
import { forceExamples } from './force.gallery.ts'
import type { Example } from './gallery-data.ts'
import { headGridExamples } from './head-grid.gallery.ts'
import { heatmapExamples } from './heatmap.gallery.ts'
import { legendExamples } from './legend.gallery.ts'
import { rankingExamples } from './ranking.gallery.ts'
import { surrogateExamples } from './surrogate.gallery.ts'
import { tokenFocusExamples } from './token-focus.gallery.ts'
import { tokenRowsExamples } from './token-rows.gallery.ts'
import { waterfallExamples } from './waterfall.gallery.ts'

export const examples: readonly Example[] = [
  ...heatmapExamples,
  ...headGridExamples,
  ...flowExamples,
  ...arcsExamples,
  ...tokenFocusExamples,
  ...tokenRowsExamples,
  ...barsExamples,
  ...rankingExamples,
  ...waterfallExamples,
  ...forceExamples,
  ...surrogateExamples,
  ...legendExamples,
]
