// What the ports of activations are fed for rows in which some are changed.

import { ACTIVATION_SITES, type ActivationSite } from '#catalogue/interventions'
import type { InterventionPorts } from '#graph/instrument/interventions'
import type { ActivationChange } from '#methods/intervention/activation-change'
import { float32At } from '#tensor/vector'
import { EngineError } from '../error.ts'
import type { Feed, Feeds } from '../runtime/session.ts'

type Ports = NonNullable<InterventionPorts['activations']>

/** Whether every layer's activation was recognised. */
export function isOpenSite(ports: Ports, site: ActivationSite): boolean {
  return ports[`${site}Keep`] !== null
}

/**
 * Feeds of the sites that a row changes; the others rest.
 * @param ports null where the model has none
 * @param tokens of each row
 * @throws EngineError `site-closed`
 */
export function activationFeeds(ports: Ports | null, rows: readonly (readonly ActivationChange[])[], tokens: number): Feeds {
  const touched = new Map<string, SiteFeed>()
  for (const [row, changes] of rows.entries()) {
    for (const change of changes) {
      const { site, layer } = change
      const [keep, given] = [ports?.[`${site}Keep`]?.[layer], ports?.[`${site}Given`]?.[layer]]
      if (keep === undefined || given === undefined) throw new EngineError('site-closed', `The model's ${site} is not open.`, { site })
      const feed = touched.get(keep.name) ?? new SiteFeed(keep.name, given.name, site, rows.length, change.count, tokens)
      touched.set(keep.name, feed)
      feed.add(row, change)
    }
  }
  return Object.assign({}, ...Array.from(touched.values(), (feed) => feed.feeds()))
}

/** Both ports of one site of one layer, for all rows: factors [B,H,T,1] and what is added [B,H,T,w]. */
class SiteFeed {
  readonly #names: { readonly keep: string; readonly given: string }
  readonly #site: ActivationSite
  readonly #rows: number
  readonly #heads: number
  readonly #tokens: number
  readonly #keep: Float32Array
  #given: { readonly width: number; readonly data: Float32Array } | null = null

  constructor(keep: string, given: string, site: ActivationSite, rows: number, heads: number, tokens: number) {
    this.#names = { keep, given }
    this.#site = site
    this.#rows = rows
    this.#heads = heads
    this.#tokens = tokens
    this.#keep = new Float32Array(rows * heads * tokens).fill(1)
  }

  add(row: number, { heads, position, scale, given }: ActivationChange): void {
    const chosen = heads ?? Array.from({ length: this.#heads }, (_, head) => head)
    const places = position === null ? Array.from({ length: this.#tokens }, (_, at) => at) : [position]
    if (given !== null && this.#given === null)
      this.#given = { width: given.width, data: new Float32Array(this.#keep.length * given.width) }
    for (const head of chosen) {
      for (const place of places) {
        const at = (row * this.#heads + head) * this.#tokens + place
        this.#keep[at] = scale
        if (this.#given === null) continue
        const { width, data } = this.#given
        for (let column = 0; column < width; column++) {
          const other = given === null ? 0 : float32At(given.data, (head * this.#tokens + place) * width + column)
          data[at * width + column] = (1 - scale) * other
        }
      }
    }
  }

  feeds(): Feeds {
    const { keep, given } = this.#names
    const shaped = (data: Float32Array, width: number): Feed => {
      const dims = ACTIVATION_SITES[this.#site].byHead ? [this.#rows, this.#heads, this.#tokens, width] : [this.#rows, this.#tokens, width]
      return { dims, data }
    }
    return { [keep]: shaped(this.#keep, 1), ...(this.#given === null ? {} : { [given]: shaped(this.#given.data, this.#given.width) }) }
  }
}
