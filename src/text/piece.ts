// How vocabularies spell a piece of a word: WordPiece '##ing', byte-level 'Ġthe', SentencePiece '▁the', BPE 'ing</w>', byte '<0x0A>'.

/** A vocabulary entry: index and spelling. */
export interface Piece {
  readonly id: number
  readonly piece: string
}

const CONTINUATION = /^##(?=.)/su
const LEADING_SPACE = /^[Ġ▁]+/u
const WORD_END = /<\/w>$/u

/** The characters a reader sees for a piece: its spelling without the marks of word start, continuation and word end. */
export function pieceLabel(piece: string): string {
  const plain = piece.replace(CONTINUATION, '').replace(LEADING_SPACE, '').replace(WORD_END, '')
  return plain === '' ? piece : plain
}
