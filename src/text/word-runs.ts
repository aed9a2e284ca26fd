// Words as BERT's basic tokenizer sees them: runs without white space; punctuation and CJK ideographs stand alone.

/** `▁` is SentencePiece's space. ASCII symbols count as punctuation, as in BERT's basic tokenizer. */
const WORD = /\p{Script=Han}|[\p{P}$+<=>^`|~]|[^\s▁\p{P}$+<=>^`|~\p{Script=Han}]+/gu

/** The index of the word that each UTF-16 unit belongs to, -1 for white space. */
export function wordRuns(text: string): Int32Array {
  const runs = new Int32Array(text.length).fill(-1)
  let word = 0
  for (const match of text.matchAll(WORD)) runs.fill(word++, match.index, match.index + match[0].length)
  return runs
}
