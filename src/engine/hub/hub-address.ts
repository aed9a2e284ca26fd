// Where things are on a hub: the addresses of a repository's list and files, from an address and names that come from outside.

import { isRepo } from '#share/model-ref'
import { EngineError } from '../error.ts'

/** A path inside a repository: no `.` and `..`, no characters that mean something in an address or on a disk. */
const PATH = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[\w.@+ -]{1,200}(?:\/[\w.@+ -]{1,200}){0,8}$/
/** Branches, tags, commits, and `refs/pr/1`. */
const REVISION = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[\w.@+-]{1,200}(?:\/[\w.@+-]{1,200}){0,8}$/
const COMMIT = /^[0-9a-f]{40}$/

/** A repository's addresses at one revision. */
export interface HubPlace {
  /** Address of the hub, without an ending slash: the same however it was typed. */
  readonly address: string
  readonly repo: string
  readonly revision: string
  /** Metadata and list in one answer. */
  readonly info: URL
  /** The list alone, a page at a time. */
  readonly tree: URL
  file(path: string): URL
}

/** @throws EngineError `bad-hub-address` { address }, `bad-repo-name` { repo }, `bad-revision` { revision } */
export function hubPlace(typed: string, repo: string, revision: string): HubPlace {
  const address = normalAddress(typed)
  checkRepo(repo)
  if (!REVISION.test(revision)) throw new EngineError('bad-revision', `${revision} cannot be a revision.`, { revision })
  const at = encodeURIComponent(revision)
  return {
    address,
    repo,
    revision,
    info: new URL(`${address}/api/models/${repo}/revision/${at}?blobs=true`),
    tree: new URL(`${address}/api/models/${repo}/tree/${at}?recursive=true`),
    file: (path) => new URL(`${address}/${repo}/resolve/${at}/${path.split('/').map(encodeURIComponent).join('/')}`),
  }
}

/** @throws EngineError `bad-hub-address` { address } */
export function normalAddress(typed: string): string {
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new EngineError('bad-hub-address', `${typed} is not the address of a hub.`, { address: typed })
  }
  return (url.origin + url.pathname).replace(/\/+$/, '')
}

/** @throws EngineError `bad-repo-name` { repo } */
export function checkRepo(repo: string): void {
  // A part of dots alone would climb in an address.
  if (!isRepo(repo) || repo.split('/').some((part) => /^\.+$/.test(part))) {
    throw new EngineError('bad-repo-name', `${repo} is not a repository's name, as owner/name.`, { repo })
  }
}

/** Whether a path is one that can be asked for and kept. */
export function isFilePath(path: string): boolean {
  return PATH.test(path)
}

/** Whether a revision names one state for ever. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision)
}
