// The table's place in the README, between two markers.

const START = '<!-- bench:start -->'
const END = '<!-- bench:end -->'

/**
 * The README with `text` between its markers.
 * @throws Error when a marker is missing
 */
export function replaceTable(readme: string, text: string): string {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start < 0 || end < start) throw new Error(`README.md has no ${START} followed by ${END}`)
  return `${readme.slice(0, start + START.length)}\n\n${text}\n\n${readme.slice(end)}`
}
