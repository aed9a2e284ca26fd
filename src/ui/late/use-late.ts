// Menus, lists, popovers and dialogs open on a press: the first view does without their code. Until it is there, soon after, a button
// that looks the same stands for them; what was pressed meanwhile opens then, and what had the focus keeps it.

import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Inherited } from './inherited.ts'
import type { LateWidgets } from './widgets.ts'

let widgets: LateWidgets | null = null
let arriving: Promise<LateWidgets> | null = null

/** Brings the code of what opens; later calls ask again where it could not be fetched. */
export async function loadLateWidgets(): Promise<LateWidgets> {
  arriving ??= import('./widgets.ts').then((module) => module.LATE_WIDGETS)
  try {
    widgets = await arriving
    return widgets
  } catch (error) {
    arriving = null
    throw error
  }
}

export interface Late {
  /** null before their code is there. */
  readonly widgets: LateWidgets | null
  readonly inherited: Inherited
  /** Of the button that stands for the widget. */
  readonly trigger: RefObject<HTMLButtonElement | null>
  /** The widget is wanted, as soon as it is there. */
  readonly press: () => void
}

export function useLate(): Late {
  const [known, setKnown] = useState(widgets)
  const [inherited, setInherited] = useState<Inherited>({ isOpen: false, isFocused: false })
  const trigger = useRef<HTMLButtonElement>(null)
  const { isOpen } = inherited
  // biome-ignore lint/correctness/useExhaustiveDependencies: a press is another attempt
  useEffect(() => {
    if (known) return
    let isGone = false
    const take = (all: LateWidgets): void => {
      if (isGone) return
      const isFocused = trigger.current !== null && trigger.current === document.activeElement
      setInherited((before) => ({ ...before, isFocused }))
      setKnown(all)
    }
    // Without a connection the button stays, and the next press tries again.
    loadLateWidgets().then(take, () => setInherited({ isOpen: false, isFocused: false }))
    return () => {
      isGone = true
    }
  }, [known, isOpen])
  return { widgets: known, inherited, trigger, press: () => setInherited({ isOpen: true, isFocused: true }) }
}
