// How the tokens of a sentence are tinted by what they contribute: a capability tells.

import { createContext, useContext } from 'react'
import type { AppState } from '#state/app-state'
import type { TokenTint } from '#state/token-tint'

/** Null where nothing is known of that side. */
export type TintOf = (state: AppState, side: 'a' | 'b') => TokenTint | null

export const TintContext = createContext<TintOf>(() => null)

export function useTintOf(): TintOf {
  return useContext(TintContext)
}
