// Words of a lesson in the page's language, with what was measured in their braces.

import { useTranslation } from 'react-i18next'
import type { Numbers, Words } from '#lessons/lesson'
import { useFormat } from '#panels/shared/use-format.tsx'

export type LessonText = (words: Words, numbers?: Numbers | null) => string

export function useLessonText(): LessonText {
  const { i18n } = useTranslation()
  const format = useFormat()
  const write = (value: Numbers[string]): string => {
    if (typeof value === 'string') return format.label(value.trim())
    if (typeof value === 'object') return format.percent(value.share)
    return Number.isInteger(value) ? format.count(value) : format.weight(value)
  }
  return (words, numbers) =>
    (i18n.language.startsWith('zh') ? words.zh : words.en).replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = numbers?.[name]
      return value === undefined ? (numbers ? place : '…') : write(value)
    })
}
