import { describe, expect, it } from 'vitest'
import { scalarOf } from '../ir/constant.ts'
import { indexGraph } from '../ir/graph-index.ts'
import { ModelBuilder } from '../testing/build.ts'
import { any, bind, commutative, constant, either, match, op, type Pattern, through } from './pattern.ts'

const builder = new ModelBuilder()
const x = builder.input('x', 'float32', ['n'])
const y = builder.input('y', 'float32', ['n'])
const two = builder.float([], [2])
const square = builder.op('Pow', [x, two])
const cast = builder.op('Identity', [builder.op('Cast', [square], { to: 1 })])
const sum = builder.op('Add', [y, cast])
const twice = builder.op('Mul', [x, x])
const mixed = builder.op('Mul', [x, y])
builder.output(sum)
builder.output(twice)
builder.output(mixed)
const index = indexGraph(builder.model().graph)

const matched = (pattern: Pattern, value: string) => {
  const bindings = match(pattern, value, index)
  return bindings === null ? null : Object.fromEntries(bindings)
}

describe('patterns', () => {
  it('match operators and bind values', () => {
    expect(matched(op('Pow', bind('base'), constant()), square)).toEqual({ base: 'x' })
    expect(matched(op('Pow', bind('base')), square)).toEqual({ base: 'x' })
    expect(matched(op('Sqrt', any), square)).toBeNull()
    expect(matched(op(['Mul', 'Pow'], any, any, any), square)).toBeNull()
  })

  it('test constants', () => {
    const exponent = (value: number) =>
      op(
        'Pow',
        any,
        constant((initializer) => scalarOf(initializer) === value),
      )
    expect(matched(exponent(2), square)).toEqual({})
    expect(matched(exponent(3), square)).toBeNull()
  })

  it('ask a name that is taken for the same value', () => {
    const same = op('Mul', bind('a'), bind('a'))
    expect(matched(same, twice)).toEqual({ a: 'x' })
    expect(matched(same, mixed)).toBeNull()
  })

  it('try both orders, and take back what the first bound', () => {
    const power = op('Pow', bind('base'))
    const pattern = commutative('Add', through(['Cast', 'Identity'], power), bind('other'))
    expect(matched(pattern, sum)).toEqual({ base: 'x', other: 'y' })
    expect(matched(commutative('Mul', bind('a', op('Pow', any)), any), mixed)).toBeNull()
  })

  it('try alternatives in order', () => {
    expect(matched(either(op('Sqrt', any), bind('last')), sum)).toEqual({ last: sum })
  })
})
