// The gates that the reader set, and the ways to change them; each change can be taken back.

import { useRef } from 'react'
import type { Gate, ModelPart } from '#methods/intervention/activation-change'
import { useApp, useServices } from '#panels/shared/app-context.tsx'
import { samePart } from './use-part-name.tsx'

export interface Gates {
  readonly gates: readonly Gate[]
  /** Switches a part off, or on again. */
  readonly toggle: (part: ModelPart) => void
  readonly scale: (part: ModelPart, scale: number) => void
  readonly set: (gates: readonly Gate[]) => void
  readonly undo: () => void
  readonly canUndo: boolean
}

/** Shared by all parts of the panel, for as long as the page is open. */
const past: (readonly Gate[])[] = []

export function useGates(): Gates {
  const { actions } = useServices()
  const gates = useApp(({ settings }) => settings.gates)
  const newest = useRef(gates)
  newest.current = gates
  const set = (next: readonly Gate[]): void => {
    past.push(newest.current)
    actions.set({ gates: next })
  }
  const without = (part: ModelPart) => newest.current.filter((gate) => !samePart(gate.part, part))
  return {
    gates,
    set,
    toggle: (part) => {
      const others = without(part)
      set(others.length < newest.current.length ? others : [...others, { part, scale: 0 }])
    },
    scale: (part, scale) => set(newest.current.map((gate) => (samePart(gate.part, part) ? { part, scale } : gate))),
    undo: () => {
      const before = past.pop()
      if (before !== undefined) actions.set({ gates: before })
    },
    canUndo: past.length > 0,
  }
}
