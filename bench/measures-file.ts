// The table's place in docs/measures.md, between two markers.

const START = '<!-- bench:start -->'
const END = '<!-- bench:end -->'

/**
 * The file with `text` between its markers.
 * @throws Error when a marker is missing
 */
export function replaceTable(file: string, text: string): string {
  const start = file.indexOf(START)
  const end = file.indexOf(END)
  if (start < 0 || end < start) throw new Error(`docs/measures.md has no ${START} followed by ${END}`)
  return `${file.slice(0, start + START.length)}\n\n${text}\n\n${file.slice(end)}`
}
