// Numbers and names as the reader's language writes them.

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttentionChoice, HeadRef } from '#methods/attention/attention'

export interface Format {
  /** 0.413 */
  readonly weight: (value: number) => string
  /** +0.413, −0.413 */
  readonly signed: (value: number) => string
  /** +0.413 of shares, and +0.0002 where three decimals would say that they are equal. */
  readonly difference: (value: number) => string
  /** +0.41, −0.41: two decimals, where room is short */
  readonly short: (value: number) => string
  /** 41% */
  readonly percent: (value: number) => string
  /** 23.6 MB, 4.1 kB, 1.2 GB */
  readonly bytes: (value: number) => string
  readonly count: (value: number) => string
  /** head 3.4, mean of 12 heads */
  readonly choice: (choice: AttentionChoice) => string
  readonly head: (ref: HeadRef) => string
  /** A class label in the reader's words, where the page knows it. */
  readonly label: (label: string) => string
}

/** Below this, three decimals round to none; below the other one a difference of float32 shares is noise. */
const LEAST_WRITTEN = 5e-4
const NOTHING = 1e-6

export function useFormat(): Format {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  return useMemo(() => {
    const number = (options: Intl.NumberFormatOptions) => {
      const formatter = new Intl.NumberFormat(language, options)
      return (value: number): string => (Number.isNaN(value) ? '–' : formatter.format(value).replace('-', '−'))
    }
    const signed = number({ minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: 'exceptZero' })
    const tiny = number({ maximumSignificantDigits: 1, signDisplay: 'exceptZero' })
    const head = ({ layer, head }: HeadRef): string => t('heads.headTitle', { layer: layer + 1, head: head + 1 })
    return {
      weight: number({ minimumFractionDigits: 3, maximumFractionDigits: 3 }),
      signed,
      difference: (value) => (Math.abs(value) >= LEAST_WRITTEN || Math.abs(value) < NOTHING ? signed(value) : tiny(value)),
      short: number({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' }),
      percent: number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
      bytes: (value) => {
        const [unit, size] =
          value < 1e5 ? (['kilobyte', 1e3] as const) : value < 1e9 ? (['megabyte', 1e6] as const) : (['gigabyte', 1e9] as const)
        return number({ style: 'unit', unit, maximumFractionDigits: 1 })(value / size)
      },
      count: number({}),
      head,
      choice: ({ heads, reduce }) => {
        const [only] = heads
        if (heads.length === 1 && only) return head(only)
        const count = heads.length
        return reduce === 'each' ? t('heads.headsOf', { count }) : t(reduce === 'mean' ? 'heads.meanOf' : 'heads.maxOf', { count })
      },
      label: (label) => t(`prediction.classes.${label}` as 'prediction.classes.POSITIVE', { defaultValue: label }),
    }
  }, [t, language])
}
