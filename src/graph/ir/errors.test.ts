import { describe, expect, it } from 'vitest'
import { GraphError } from './errors.ts'

describe('GraphError', () => {
  it('carries words and numbers that can cross to the page', () => {
    const closed = new GraphError({ kind: 'closed-attention', operators: ['If', 'com.microsoft:Attention'] })
    expect([closed.kind, closed.data]).toEqual(['closed-attention', { operators: 'If, com.microsoft:Attention' }])
    const violation = { kind: 'undefined-output', node: null, subject: 'y', message: 'The output "y" is made by nothing.' } as const
    const invalid = new GraphError({ kind: 'invalid-graph', pass: null, violations: [violation] })
    expect(invalid.data).toEqual({ violations: violation.message })
    expect(new GraphError({ kind: 'truncated', bytes: 10, needed: 20 }).data).toEqual({ bytes: 10, needed: 20 })
  })
})
