import t from 'tap'
import { Random } from '../../../lib/base/random.ts'
import { Version } from '../../../lib/base/version.ts'
import { CommandTable } from '../../../lib/commands/table.ts'
import { generate, leftOut } from './declared.ts'

const table = new CommandTable(new Version('7.0'))

t.test('what is left out exists', async (t) => {
  for (const name of Object.keys(leftOut)) t.ok(table.find(name), name)
})

t.test('commands of all kinds come, and arguments in all their forms', async (t) => {
  const random = new Random('kinds')
  const said = Array.from({ length: 20_000 }, () => generate(random))
  const names = new Set(said.map(([name]) => name?.toUpperCase()))
  for (const name of ['SET', 'LPOS', 'SINTERCARD', 'ZADD', 'XADD', 'PFCOUNT', 'OBJECT']) {
    t.ok(names.has(name), name)
  }
  for (const name of Object.keys(leftOut)) t.notOk(names.has(name.toUpperCase()), name)
  const sets = said.filter(([name]) => name?.toUpperCase() === 'SET')
  t.ok(sets.some((argv) => argv.some((word) => /^KEEPTTL$/i.test(word))))
  const pairs = said.filter(([name = '']) => /^(SET|SETNX|GETSET|APPEND|LPUSH)$/i.test(name))
  t.ok(
    pairs.some((argv) => argv.length < 3),
    'too few words',
  )
  const counted = said.filter(([name]) => name?.toUpperCase() === 'SINTERCARD')
  t.ok(counted.some(([, count, ...keys]) => Number(count) === 2 && keys.length >= 2))
})
