// What a hub answers about a repository, read as what it is: data from outside.

import * as v from 'valibot'
import type { HubFile } from '#protocol/hub-api'
import { EngineError } from '../error.ts'
import { isFilePath } from './hub-address.ts'

/** A list of files, and what else an answer says of the repository. */
export interface RepoAnswer {
  readonly commit: string | null
  readonly license: string | null
  readonly gated: boolean
  readonly files: readonly HubFile[]
}

/** The largest repositories of models have a few thousand files (saved steps of a training); a list beyond this is not looked through. */
const MAX_FILES = 20_000
/** As many entries, each with a path, hashes and a size, stay below. */
const MAX_ANSWER_CHARACTERS = 16 * 2 ** 20

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const infoSchema = v.object({
  sha: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))),
  gated: v.optional(v.union([v.boolean(), v.string()])),
  cardData: v.nullish(v.object({ license: v.optional(v.unknown()) })),
  tags: v.optional(v.array(v.unknown())),
  siblings: v.pipe(
    v.array(
      v.object({
        rfilename: v.string(),
        size: v.nullish(size),
        lfs: v.nullish(v.object({ sha256: v.nullish(hash), size: v.nullish(size) })),
      }),
    ),
    v.maxLength(MAX_FILES),
  ),
})
const treeSchema = v.pipe(
  v.array(
    v.object({
      type: v.string(),
      path: v.string(),
      size: v.nullish(size),
      lfs: v.nullish(v.object({ oid: v.nullish(hash), size: v.nullish(size) })),
    }),
  ),
  v.maxLength(MAX_FILES),
)

/** The answer to a question for metadata. @throws EngineError `hub-unreadable` { reason } */
export function parseInfo(text: string): RepoAnswer {
  const { sha, gated, cardData, tags, siblings } = parse(infoSchema, text)
  const tagged = tags?.find((tag) => typeof tag === 'string' && tag.startsWith('license:'))
  const license =
    typeof cardData?.license === 'string' ? cardData.license : typeof tagged === 'string' ? tagged.slice('license:'.length) : null
  return {
    commit: sha ?? null,
    license: license?.slice(0, 100) ?? null,
    gated: gated !== undefined && gated !== false && gated !== '',
    files: siblings.flatMap((file) => fileOf(file.rfilename, file.lfs?.size ?? file.size, file.lfs?.sha256)),
  }
}

/** One page of a list. @throws EngineError `hub-unreadable` { reason } */
export function parseTree(text: string): readonly HubFile[] {
  return parse(treeSchema, text).flatMap((entry) =>
    entry.type === 'file' ? fileOf(entry.path, entry.lfs?.size ?? entry.size, entry.lfs?.oid) : [],
  )
}

/** Files whose names cannot be asked for are left out: none of them is part of a model. */
function fileOf(path: string, bytes: number | null | undefined, sha256: string | null | undefined): HubFile[] {
  return isFilePath(path) ? [{ path, size: bytes ?? null, sha256: sha256 ?? null, version: null }] : []
}

function parse<T>(schema: v.GenericSchema<unknown, T>, text: string): T {
  if (text.length > MAX_ANSWER_CHARACTERS) throw unreadable(`longer than ${MAX_ANSWER_CHARACTERS} characters`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw unreadable('not JSON')
  }
  const parsed = v.safeParse(schema, json)
  if (!parsed.success) throw unreadable(v.getDotPath(parsed.issues[0]) ?? 'unknown shape')
  return parsed.output
}

function unreadable(reason: string): EngineError {
  return new EngineError('hub-unreadable', `The hub's list of files cannot be read: ${reason}`, { reason })
}
