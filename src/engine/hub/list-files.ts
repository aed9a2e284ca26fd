// The files of a repository, in the first of three ways that the host knows: metadata, a list in pages, or asking for the usual names.

import { EngineError } from '../error.ts'
import type { HubPlace } from './hub-address.ts'
import { parseInfo, parseTree, type RepoAnswer } from './hub-answer.ts'
import { probeFiles } from './probe-files.ts'

export interface FileList extends RepoAnswer {
  readonly exhaustive: boolean
}

/** How requests to a hub are made: without referrer, cookies, or anything else of the reader. */
export type Ask = (url: URL, method?: 'GET' | 'HEAD') => Promise<Response>

/** A hub answers up to 1,000 entries a page. */
const MAX_PAGES = 20

export function askWith(fetch: typeof globalThis.fetch, signal: AbortSignal): Ask {
  return (url, method = 'GET') =>
    fetch(url, { method, signal, mode: 'cors', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-cache' })
}

/**
 * @throws EngineError `hub-unreachable` { address }, `hub-refused` { status }, `hub-unreadable` { reason }, `hub-repo-missing` { repo },
 * `hub-revision-missing` { repo, revision }, `hub-gated` { repo }; the signal's reason when cancelled
 */
export async function listFiles(place: HubPlace, fetch: typeof globalThis.fetch, signal: AbortSignal): Promise<FileList> {
  const ask = askWith(fetch, signal)
  const info = await answerTo(place.info, place, ask, signal)
  if (info) return { ...parseInfo(await info.text()), exhaustive: true }
  const tree = await answerTo(place.tree, place, ask, signal)
  if (tree) return { commit: commitOf(tree), license: null, gated: false, files: await allPages(tree, place, ask), exhaustive: true }
  return { ...(await probeFiles(place, ask, signal)), exhaustive: false }
}

/** The answer of an interface of the hub; null where the host has no such interface, as far as can be told. */
async function answerTo(url: URL, place: HubPlace, ask: Ask, signal: AbortSignal): Promise<Response | null> {
  let response: Response
  try {
    response = await ask(url)
  } catch {
    // A plain host may answer what it does not have in a way that the browser hides. Asking for files tells.
    signal.throwIfAborted()
    return null
  }
  const refusal = refusalOf(response, place)
  if (refusal) throw refusal
  // Static hosts answer an unknown address with a page of theirs.
  return response.ok && isJson(response) ? response : null
}

/** Why a hub does not answer; null for an answer, and where only this address is unknown. */
export function refusalOf(response: Response, { repo, revision }: HubPlace): EngineError | null {
  const { status } = response
  const code = response.headers.get('x-error-code')
  if (code === 'RepoNotFound') return repoMissing(repo)
  if (code === 'RevisionNotFound') {
    return new EngineError('hub-revision-missing', `${repo} has no revision ${revision}.`, { repo, revision })
  }
  if (status === 401 || status === 403) return new EngineError('hub-gated', `The hub gives ${repo} only to those it knows.`, { repo })
  if (response.ok || status === 404 || status === 405 || status === 410 || status === 501) return null
  return new EngineError('hub-refused', `The hub refused: HTTP ${status}.`, { status })
}

export function repoMissing(repo: string): EngineError {
  return new EngineError('hub-repo-missing', `The hub has no ${repo}.`, { repo })
}

/** The commit that an answer stands for, where the hub says so. */
export function commitOf(response: Response): string | null {
  const commit = response.headers.get('x-repo-commit') ?? ''
  return /^[0-9a-f]{40}$/.test(commit) ? commit : null
}

async function allPages(first: Response, place: HubPlace, ask: Ask): Promise<RepoAnswer['files']> {
  const files = [...parseTree(await first.text())]
  let next = nextPage(first, place.tree)
  for (let page = 1; next !== null; page++) {
    if (page >= MAX_PAGES) throw new EngineError('hub-unreadable', 'The list of files is too long.', { reason: `more than ${MAX_PAGES} pages` })
    const response = await ask(next)
    const refusal = refusalOf(response, place)
    if (refusal || !response.ok) throw refusal ?? new EngineError('hub-refused', 'The list of files broke off.', { status: response.status })
    files.push(...parseTree(await response.text()))
    next = nextPage(response, place.tree)
  }
  return files
}

/** The address behind `rel="next"` (RFC 8288), which must lead to the same host. */
function nextPage(response: Response, tree: URL): URL | null {
  const link = /<([^>]+)>\s*;[^,]*\brel="?next\b/.exec(response.headers.get('link') ?? '')?.[1]
  if (link === undefined || !URL.canParse(link, tree)) return null
  const url = new URL(link, tree)
  return url.host === tree.host ? url : null
}

function isJson(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').includes('json')
}
