// What every run is fed: the model's own inputs for rows of tokens, and what the ports of its instruments rest at. Whoever asks something
// of a port spreads what it feeds over these.

import type { Port } from '#graph/instrument/instrument'
import type { PreparedModel } from '#graph/prepare'
import type { Feed, FeedData, Feeds } from '../runtime/session.ts'
import { stacked } from './batch-feeds.ts'
import { buildFeeds, type InputConvention, type Row } from './feeds.ts'

/**
 * @param rows of equal length, at least one, run as one batch
 * @throws EngineError `unknown-input`
 */
export function runFeeds({ inputs, ports }: Pick<PreparedModel, 'inputs' | 'ports'>, rows: readonly Row[], layout: InputConvention): Feeds {
  const own = rows.map((row) => buildFeeds(inputs, row, layout))
  return { ...restingFeeds(ports), ...stacked(own, inputs) }
}

/** Feeds with which the model computes what it would without its instruments. */
export function restingFeeds(ports: readonly Port[]): Feeds {
  return Object.fromEntries(ports.map(({ name, elementType, rest }) => [name, portFeed(elementType, rest.dims, rest.values)]))
}

function portFeed(elementType: Port['elementType'], dims: readonly number[], values: readonly number[]): Feed {
  const data: FeedData = MAKERS[elementType](values)
  return elementType === 'bool' ? { dims, data, type: 'bool' } : { dims, data }
}

const MAKERS: Readonly<Record<Port['elementType'], (values: readonly number[]) => FeedData>> = {
  int64: (values) => BigInt64Array.from(values, BigInt),
  float32: (values) => Float32Array.from(values),
  bool: (values) => Uint8Array.from(values),
}

/** int64 [P] for a port of positions. */
export function positionFeed(positions: readonly number[]): Feed {
  return { dims: [positions.length], data: BigInt64Array.from(positions, BigInt) }
}
