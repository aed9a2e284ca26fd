// Force plots of what the waterfalls show.

import type { Example } from '../kit/gallery-data.ts'
import { drawForce } from './force.ts'
import { contributionOptions, contributionScenes } from './waterfall.gallery.ts'

export const forceExamples: readonly Example[] = contributionScenes.map(([name, data, more]) => ({
  name: `force: ${name}`,
  render: (element) => drawForce(element, data, { ...contributionOptions, ...more }),
}))
