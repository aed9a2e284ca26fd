// What a test of a gradient rule is: a graph of real inputs; finite differences say what must come out.

import type { ModelBuilder } from '#graph/testing/build'

export interface GradientCase {
  readonly title: string
  /** Shapes of the inputs. */
  readonly inputs: readonly (readonly number[])[]
  /** Inputs whose lengths the graph knows; those of the others are symbols. */
  readonly known?: readonly number[]
  /** Inputs that no gradient is asked of. */
  readonly held?: readonly number[]
  /** Builds the graph on inputs of the given names and returns the names of its outputs. */
  build(b: ModelBuilder, x: string, y: string, z: string): string | readonly string[]
  /** What an input holds; by default uneven numbers between -1 and 1. */
  readonly values?: (place: number, at: number) => number
  /** 'float32' where the runtime has no float64 kernel of an operator. */
  readonly arithmetic?: 'float32'
  /** Version of ai.onnx, where an operator is newer than the working one. */
  readonly opset?: number
}
