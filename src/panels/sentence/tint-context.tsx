// How the tokens of sentence A are tinted by what they contribute: a capability tells.

import { createContext, useContext } from 'react'
import type { AppState } from '#state/app-state'
import type { TokenTint } from '#state/token-tint'

type TintOf = (state: AppState) => TokenTint | null

export const TintContext = createContext<TintOf>(() => null)

export function useTintOf(): TintOf {
  return useContext(TintContext)
}
