// What a reader may paste as the name of a hub's model: `owner/name`, or the address of its page.

import { isRepo } from '#share/model-ref'

export interface HubName {
  readonly repo: string
  /** null where the reader named none. */
  readonly revision: string | null
}

/** @param hub address of the hub, whose own pages are understood wherever it is */
export function parseHubName(typed: string, hub: string): HubName | null {
  const text = typed.trim().replace(/^\/+|\/+$/g, '')
  if (isRepo(text)) return { repo: text, revision: null }
  const path = text.startsWith(hub) ? text.slice(hub.length) : pathOf(text)
  if (path === null) return null
  const [owner = '', name = '', kind, ...rest] = path.split('/').filter((part) => part !== '')
  const repo = `${owner}/${name}`
  if (!isRepo(repo)) return null
  const named = kind === 'tree' || kind === 'blob' || kind === 'resolve' ? rest[0] : undefined
  return { repo, revision: named === undefined ? null : decoded(named) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function pathOf(text: string): string | null {
  try {
    return new URL(text).pathname
  } catch {
    return null
  }
}
