// Between a lesson and the page's settings: what a step makes the page show, and what an exercise sees of it.

import type { PageChange, ReaderPage } from '#lessons/lesson'
import { INITIAL_SETTINGS, type Settings } from '#share/settings'
import type { Actions } from '#state/store'

/** What belongs to the text before, and to the step before. */
const CLEARED: PageChange = {
  editsA: [],
  textB: null,
  editsB: [],
  against: 'auto',
  pane: 'a',
  heads: [],
  reduce: 'each',
  target: null,
  foil: null,
  methods: INITIAL_SETTINGS.methods,
  tint: 'attribution',
  specials: 'shown',
  sinks: 'aside',
  whatIfView: 'scan',
}

/** Shows what a step says. A step with a text begins anew; what the reader made of the page before is one undo away. */
export function showStep(actions: Actions, page: PageChange): void {
  if (page.textA === undefined) actions.set(page)
  else actions.open({ ...CLEARED, ...page })
}

export function readerPage(settings: Settings): ReaderPage {
  const { textA, editsA, textB, editsB, heads } = settings
  return {
    a: { text: textA, edits: editsA },
    b: textB === null ? null : { text: textB, edits: editsB },
    heads: heads.map(({ layer, head }) => ({ layer: layer + 1, head: head + 1 })),
    settings,
  }
}
