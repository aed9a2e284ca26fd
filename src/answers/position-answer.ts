// What a vocabulary's scores say of one position.

export interface PositionAnswer {
  /** Index of the token after which (next) or in whose place (fill) the candidates stand. */
  readonly position: number
  /** Most likely first. */
  readonly candidates: readonly Candidate[]
  /** Entropy of the whole distribution, in nats. */
  readonly entropy: number
}

export interface Candidate {
  readonly id: number
  /** The vocabulary's own spelling. */
  readonly piece: string
  /** What a reader sees, leading space included. */
  readonly label: string
  readonly logit: number
  readonly probability: number
}
