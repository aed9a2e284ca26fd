// Requests to a hub, without referrer, cookies, or anything else of the reader; and why a hub refuses one.

import { EngineError } from '../error.ts'
import type { HubPlace } from './hub-address.ts'

export type Ask = (url: URL, method?: 'GET' | 'HEAD') => Promise<Response>

/** How every request to a hub is made. */
export const HUB_REQUEST = { mode: 'cors', credentials: 'omit', referrerPolicy: 'no-referrer' } as const

export function askWith(fetch: typeof globalThis.fetch, signal: AbortSignal): Ask {
  return (url, method = 'GET') => fetch(url, { ...HUB_REQUEST, method, signal, cache: 'no-cache' })
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
