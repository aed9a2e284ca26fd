// The charts on screen, for the export menu, which stands elsewhere on the page.

import { createContext, type RefObject, useContext } from 'react'

export const ExportTarget = createContext<RefObject<HTMLDivElement | null> | null>(null)

export function useExportTarget(): RefObject<HTMLDivElement | null> {
  const target = useContext(ExportTarget)
  if (!target) throw new Error('ExportTarget has no value')
  return target
}
