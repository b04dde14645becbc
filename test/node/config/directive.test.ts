import t from 'tap'
import { directives } from '../../../lib/node/config/directive.ts'

t.test('no name is given twice, older names included', async (t) => {
  const names = directives.flatMap(({ name, olderName }) => [
    name,
    ...(olderName ? [olderName] : []),
  ])
  t.equal(new Set(names).size, names.length)
  for (const name of names) t.match(name, /^[a-z][a-z_-]*[a-z]$/)
})

t.test('directives stand in alphabetical order', async (t) => {
  const names = directives.map(({ name }) => name)
  t.same(names, [...names].sort())
})

t.test('every default is a value that its own type gives back', async (t) => {
  for (const { name, type, initial, clamp } of directives) {
    // No master is `no one` when it is said in words.
    if (name === 'replicaof') continue
    const words = type.takesWords ? (initial === '' ? [] : initial.split(' ')) : [initial]
    t.equal(type.parse(words, { current: initial }), initial, name)
    if (clamp !== undefined) {
      t.equal(clamp(Number(initial), 'command'), Number(initial), `${name} is in range`)
    }
  }
})

t.test('only values that mean a number have one', async (t) => {
  for (const { name, type, initial } of directives) {
    const number = type.numberOf?.(initial)
    t.equal(number !== undefined && !Number.isNaN(number), /^-?\d+%?$/.test(initial), name)
  }
})
