// Numbers and tables as they are printed.

import { median, quantile } from './statistics.ts'

/** Milliseconds as printed. */
export function ms(value: number): string {
  return `${milliseconds(value)} ms`
}

/** Bytes as printed: thousands, as size-limit counts them. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(bytes < 1_000_000 ? 1 : 0)} kB`
}

/** Bytes as printed, in millions. */
export function megabytes(bytes: number): string {
  const value = bytes / 1_000_000
  return `${value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} MB`
}

/** A median with its quartiles in brackets. @throws Error when there is no value */
export function spread(values: readonly number[], print: (value: number) => string, unit = ''): string {
  return `${print(median(values))}${unit} (${print(quantile(values, 0.25))} to ${print(quantile(values, 0.75))})`
}

/** A median of milliseconds with its quartiles. @throws Error when there is no value */
export function spreadMs(values: readonly number[]): string {
  return spread(values, milliseconds, ' ms')
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}

/** A Markdown table; the first column is text, the others are aligned to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(headings), line(headings.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
