// How the tokens of a sentence are tinted by what they contribute: a capability tells.

import { createContext, useContext } from 'react'
import type { TintOf } from '#state/token-tint'

export const TintContext = createContext<TintOf>(() => null)

export function useTintOf(): TintOf {
  return useContext(TintContext)
}
