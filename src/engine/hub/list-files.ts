// The files of a repository, in the first of three ways that the host knows: metadata, a list in pages, or asking for the usual names.

import { EngineError } from '../error.ts'
import type { HubPlace } from './hub-address.ts'
import { parseInfo, parseTree, type RepoAnswer } from './hub-answer.ts'
import { type Ask, askWith, commitOf, refusalOf } from './hub-request.ts'
import { probeFiles } from './probe-files.ts'

export interface FileList extends RepoAnswer {
  readonly exhaustive: boolean
}

/** A hub answers up to 1,000 entries a page. */
const MAX_PAGES = 20

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

async function allPages(first: Response, place: HubPlace, ask: Ask): Promise<RepoAnswer['files']> {
  const files = [...parseTree(await first.text())]
  let next = nextPage(first, place.tree)
  for (let page = 1; next !== null; page++) {
    if (page >= MAX_PAGES)
      throw new EngineError('hub-unreadable', 'The list of files is too long.', { reason: `more than ${MAX_PAGES} pages` })
    const response = await ask(next)
    const refusal = refusalOf(response, place)
    if (refusal || !response.ok)
      throw refusal ?? new EngineError('hub-refused', 'The list of files broke off.', { status: response.status })
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
