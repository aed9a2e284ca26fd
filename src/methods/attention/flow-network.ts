// Largest flows in a network of layers, every node of which is joined to every node of the next.

import { rowAt } from '#tensor/matrix'
import { float64At, int32At } from '#tensor/vector'

/** A path that could carry less is no path: capacities are shares, of float32. */
const SMALLEST = 1e-9

export interface FlowNetwork {
  /** From the top of the network to a node of its bottom. */
  largestFlow(sink: number): number
}

/**
 * Nodes are [layers + 1, T], and a source above the last layer.
 * @param layers capacities [T,T], first layer first: row = upper node, column = lower one
 * @param entry [T]: capacities from the source to the top nodes
 */
export function createFlowNetwork(layers: readonly Float64Array[], entry: Float32Array): FlowNetwork {
  const tokens = entry.length
  const top = layers.length
  const source = (top + 1) * tokens
  const levels = new Int32Array(source + 1)
  const queue = new Int32Array(source + 1)
  const next = new Int32Array(source + 1)

  return {
    /** Dinic (1970), "Algorithm for solution of a problem of maximum flow in networks with power estimation". */
    largestFlow: (sink) => {
      const down = layers.map((capacities) => capacities.slice())
      const up = layers.map((capacities) => new Float64Array(capacities.length))
      const inlet = Float64Array.from(entry)

      /** Neighbours of a node are numbered: first those below it, then those above. */
      const neighbour = (node: number, edge: number): number => {
        if (node === source) return top * tokens + edge
        const layer = Math.floor(node / tokens)
        return edge < tokens ? (layer - 1) * tokens + edge : (layer + 1) * tokens + edge - tokens
      }
      const room = (node: number, edge: number): number => {
        if (node === source) return float64At(inlet, edge)
        const layer = Math.floor(node / tokens)
        const place = node % tokens
        if (edge < tokens) return layer === 0 ? 0 : float64At(rowAt(down, layer - 1), place * tokens + edge)
        return layer === top ? 0 : float64At(rowAt(up, layer), (edge - tokens) * tokens + place)
      }
      const push = (node: number, edge: number, amount: number): void => {
        if (node === source) {
          inlet[edge] = float64At(inlet, edge) - amount
          return
        }
        const layer = Math.floor(node / tokens)
        const place = node % tokens
        const isDown = edge < tokens
        const at = isDown ? place * tokens + edge : (edge - tokens) * tokens + place
        const pair = isDown ? layer - 1 : layer
        const [taken, given] = isDown ? [down[pair], up[pair]] : [up[pair], down[pair]]
        if (taken === undefined || given === undefined) return
        taken[at] = float64At(taken, at) - amount
        given[at] = float64At(given, at) + amount
      }
      const edgesOf = (node: number): number => (node === source ? tokens : 2 * tokens)

      /** Shortest distances from the source along edges with room; false where the sink is out of reach. */
      const measure = (): boolean => {
        levels.fill(-1)
        levels[source] = 0
        queue[0] = source
        for (let first = 0, last = 1; first < last; first++) {
          const node = int32At(queue, first)
          for (let edge = 0; edge < edgesOf(node); edge++) {
            if (room(node, edge) <= SMALLEST) continue
            const other = neighbour(node, edge)
            if (levels[other] !== -1) continue
            levels[other] = int32At(levels, node) + 1
            queue[last++] = other
          }
        }
        return levels[sink] !== -1
      }
      /** Sends flow along one shortest path. */
      const send = (node: number, amount: number): number => {
        if (node === sink) return amount
        for (; int32At(next, node) < edgesOf(node); next[node] = int32At(next, node) + 1) {
          const edge = int32At(next, node)
          const free = room(node, edge)
          if (free <= SMALLEST) continue
          const other = neighbour(node, edge)
          if (levels[other] !== int32At(levels, node) + 1) continue
          const sent = send(other, Math.min(amount, free))
          if (sent > 0) {
            push(node, edge, sent)
            return sent
          }
        }
        return 0
      }
      let flow = 0
      while (measure()) {
        next.fill(0)
        for (let sent = send(source, Number.POSITIVE_INFINITY); sent > 0; sent = send(source, Number.POSITIVE_INFINITY)) flow += sent
      }
      return flow
    },
  }
}
