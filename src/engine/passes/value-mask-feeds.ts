// What the ports of value masks are fed for rows in which value vectors are zeroed.

import type { InterventionPorts } from '#graph/instrument/interventions'
import type { ValueZeroing } from '#methods/method'
import { EngineError } from '../error.ts'
import type { Feeds } from '../runtime/session.ts'

/**
 * Masks [B,T] of the layers in which a row has a value vector zeroed; the others rest.
 * @param ports null where the model has none
 * @throws EngineError `no-value-masks`
 */
export function valueMaskFeeds(
  ports: NonNullable<InterventionPorts['valueMasks']> | null,
  rows: readonly { readonly ids: readonly number[]; readonly zeroed?: ValueZeroing }[],
): Feeds {
  const masks = new Map<string, Float32Array>()
  const tokens = rows[0]?.ids.length ?? 0
  for (const [row, { zeroed }] of rows.entries()) {
    if (zeroed === undefined) continue
    const port = ports?.layers[zeroed.layer]
    if (port === undefined) throw new EngineError('no-value-masks', 'The value vectors of the model are not open.', { layer: zeroed.layer })
    const mask = masks.get(port.name) ?? new Float32Array(rows.length * tokens).fill(1)
    mask[row * tokens + zeroed.token] = 0
    masks.set(port.name, mask)
  }
  return Object.fromEntries(Array.from(masks, ([name, data]) => [name, { dims: [rows.length, tokens], data }]))
}
