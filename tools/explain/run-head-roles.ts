// What every head looks at in a text, or in random tokens said twice, and which heads have most of a role.

import { HEAD_ROLES, type HeadRole } from '#methods/inside/head-roles'
import { listening, type OpenedEngine } from './open-engine.ts'
import type { RolesQuestion } from './question.ts'
import { rounded } from './subject.ts'

export interface HeadRolesAnswer {
  readonly text: string
  readonly tokens: readonly string[]
  readonly random: number | null
  readonly role: HeadRole
  /** [layers][heads] of each; null where no token stands twice. */
  readonly roles: Readonly<Record<HeadRole, readonly (readonly (number | null)[])[]>>
  /** Tokens of which the same stands before. */
  readonly copies: number
}

/** @throws EngineError `run-failed` */
export async function runHeadRoles({ engine }: OpenedEngine, text: string, { role, random }: RolesQuestion): Promise<HeadRolesAnswer> {
  const found = await engine.headRoles(
    { input: { text, edits: [] }, random },
    listening(() => undefined),
  )
  const known = (values: readonly (readonly number[])[]) =>
    values.map((layer) => layer.map((value) => (Number.isNaN(value) ? null : rounded(value))))
  const { previousToken, self, firstToken, duplicateToken, induction, entropy } = found.roles
  return {
    text,
    tokens: found.tokens.map(({ piece }) => piece),
    random,
    role,
    roles: {
      previousToken: known(previousToken),
      self: known(self),
      firstToken: known(firstToken),
      duplicateToken: known(duplicateToken),
      induction: known(induction),
      entropy: known(entropy),
    },
    copies: found.copies,
  }
}

/** Heads that are listed for a person. */
const LISTED = 10

export function describeHeadRoles({ text, random, tokens, role, roles, copies }: HeadRolesAnswer): string {
  const heads = roles[role].flatMap((layer, at) => layer.flatMap((value, head) => (value === null ? [] : [{ at, head, value }])))
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
