// Every example of every chart: the development page and the snapshot tests.

import { barsExamples } from './bars/bars.gallery.ts'
import { dotsExamples } from './bars/dots.gallery.ts'
import { forceExamples } from './bars/force.gallery.ts'
import { rankingExamples } from './bars/ranking.gallery.ts'
import { surrogateExamples } from './bars/surrogate.gallery.ts'
import { waterfallExamples } from './bars/waterfall.gallery.ts'
import { headGridExamples } from './heads/head-grid.gallery.ts'
import type { Example } from './kit/gallery-data.ts'
import { legendExamples } from './kit/legend.gallery.ts'
import { arcsExamples } from './lines/arcs.gallery.ts'
import { flowExamples } from './lines/flow.gallery.ts'
import { heatmapExamples } from './matrix/heatmap.gallery.ts'
import { tokenFocusExamples } from './matrix/token-focus.gallery.ts'
import { tokenRowsExamples } from './matrix/token-rows.gallery.ts'
import { tokenStripExamples } from './matrix/token-strip.gallery.ts'

export const examples: readonly Example[] = [
  ...heatmapExamples,
  ...headGridExamples,
  ...flowExamples,
  ...arcsExamples,
  ...tokenFocusExamples,
  ...tokenRowsExamples,
  ...tokenStripExamples,
  ...barsExamples,
  ...dotsExamples,
  ...rankingExamples,
  ...waterfallExamples,
  ...forceExamples,
  ...surrogateExamples,
  ...legendExamples,
]
