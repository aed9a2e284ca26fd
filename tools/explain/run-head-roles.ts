// What every head looks at in a text, or in random tokens said twice, and which heads have most of a role.

import { HEAD_ROLES, type HeadRole } from '#methods/inside/head-roles'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { RolesQuestion } from './question.ts'
import { rounded } from './subject.ts'

export interface HeadRolesAnswer {
  readonly text: string
  readonly tokens: readonly string[]
  readonly random: number | null
  readonly role: HeadRole | 'copying'
  /** [layers][heads] of each; null where no token stands twice. Of `copying` when it is asked for: share of the tokens. */
  readonly roles: Readonly<Record<HeadRole, Measured>> & { readonly copying?: Measured }
  /** Tokens of which the same stands before. */
  readonly copies: number
}

type Measured = readonly (readonly (number | null)[])[]

/** @throws EngineError `run-failed`; of copying `no-readout`, `no-parts`, `not-a-sum` */
export async function runHeadRoles({ engine }: OpenedEngine, text: string, { role, random }: RolesQuestion): Promise<HeadRolesAnswer> {
  const request = { input: { text, edits: [] }, random }
  const silent = listening(() => undefined)
  const found = await engine.headRoles(request, silent)
  const copying = role === 'copying' ? await engine.copying(request, silent) : null
  const known = (values: readonly (readonly number[])[]): Measured =>
    values.map((layer) => layer.map((value) => (Number.isNaN(value) ? null : rounded(value))))
  const { previousToken, self, firstToken, delimiters, duplicateToken, induction, distance, entropy } = found.roles
  return {
    text,
    tokens: found.tokens.map(({ piece }) => piece),
    random,
    role,
    roles: {
      previousToken: known(previousToken),
      self: known(self),
      firstToken: known(firstToken),
      delimiters: known(delimiters),
      duplicateToken: known(duplicateToken),
      induction: known(induction),
      distance: known(distance),
      entropy: known(entropy),
      ...(copying === null ? {} : { copying: known(copying.scores) }),
    },
    copies: found.copies,
  }
}

/** Heads that are listed for a person. */
const LISTED = 10

export function describeHeadRoles({ text, random, tokens, role, roles, copies }: HeadRolesAnswer): string {
  const heads = (roles[role] ?? []).flatMap((layer, at) => layer.flatMap((value, head) => (value === null ? [] : [{ at, head, value }])))
  const most = heads.toSorted((one, other) => other.value - one.value).slice(0, LISTED)
  return [
    random === null ? text : `${tokens.length} random tokens, the second half as the first (seed ${random})`,
    `  heads by ${role}; layers and heads from 0; ${copies} tokens stand twice`,
    ...(most.length === 0
      ? ['  no token stands twice, so nothing of this kind can be measured: give another text, or --seed for a random one']
      : []),
    ...most.map(({ at, head, value }) => {
      const others = HEAD_ROLES.filter((other) => other !== role).map((other) => `${other} ${roles[other][at]?.[head]?.toFixed(3) ?? '-'}`)
      return `  ${value.toFixed(4)}  head ${at}.${head}  (${others.join(', ')})`
    }),
  ].join('\n')
}
