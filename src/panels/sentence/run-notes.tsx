import { useApp } from '../shared/app-context.tsx'
import { shownRun, textOf } from './shown-run.ts'
import { SideNotes, type SideNotesProps } from './side-notes.tsx'

/** What the reader must know of the run of a side that may not have run yet. */
export function RunNotes({ side, ...props }: Pick<SideNotesProps, 'model' | 'name'> & { readonly side: 'a' | 'b' }) {
  const text = useApp((state) => textOf(state, side))
  const run = useApp((state) => shownRun(state, side))
  return <SideNotes state={run ?? { input: { text, edits: [] }, status: 'done', error: null, answer: null }} {...props} />
}
