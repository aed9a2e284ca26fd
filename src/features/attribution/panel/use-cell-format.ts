import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** Enough digits to tell values apart beside the largest. */
function digitsFor(largest: number): number {
  if (largest >= 100) return 0
  if (largest >= 10) return 1
  if (largest >= 0.1) return 2
  return largest >= 0.01 ? 3 : 4
}

/** Numbers short enough for a cell: +6.69, −0.09, 0; amounts without a sign. */
export function useCellFormat(largest: number, isSigned: boolean): (value: number) => string {
  const { i18n } = useTranslation()
  const digits = digitsFor(largest)
  return useMemo(() => {
    const formatter = new Intl.NumberFormat(i18n.language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: isSigned ? 'exceptZero' : 'auto',
    })
    const least = 0.5 * 10 ** -digits
    return (value) => (Math.abs(value) < least ? '0' : formatter.format(value).replace('-', '−'))
  }, [i18n.language, digits, isSigned])
}
