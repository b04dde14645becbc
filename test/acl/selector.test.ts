import t from 'tap'
import { Selector } from '../../lib/acl/selector.ts'
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'

const table = new CommandTable(new Version('7.0'))

function selector(): Selector {
  return new Selector({ table, allChannels: false })
}

t.test('keys by patterns, and by what is done to them', async (t) => {
  const one = selector()
  t.notOk(one.permitsKey('a', ['RO', 'access']))
  one.addKeys({ pattern: 'r*', reads: true, writes: false })
  one.addKeys({ pattern: 'w*', reads: false, writes: true })
  one.addKeys({ pattern: 'b?', reads: true, writes: true })
  for (const [key, reads, writes] of [
    ['r1', true, false],
    ['w1', false, true],
    ['b1', true, true],
    ['b12', false, false],
  ] as const) {
    t.equal(one.permitsKey(key, ['RO', 'access']), reads, `${key} is read`)
    for (const flag of ['insert', 'update', 'delete'] as const) {
      t.equal(one.permitsKey(key, ['OW', flag]), writes, `${key}: ${flag}`)
    }
    t.equal(one.permitsKey(key, ['RW', 'access', 'update']), reads && writes, `${key}: both`)
    t.equal(one.permitsKey(key, ['RO']), reads || writes, `${key}: whether it is there`)
  }
})

t.test('a pattern said twice permits both', async (t) => {
  const one = selector()
  one.addKeys({ pattern: 'a', reads: true, writes: false })
  one.addKeys({ pattern: 'b', reads: true, writes: true })
  one.addKeys({ pattern: 'a', reads: false, writes: true })
  t.same(one.keyPatterns, [
    { pattern: 'a', reads: true, writes: true },
    { pattern: 'b', reads: true, writes: true },
  ])
})

t.test('every key', async (t) => {
  const one = selector()
  const reads = { reads: true, writes: false }
  one.addKeys({ pattern: '**', reads: true, writes: true })
  t.notOk(one.permitsEveryKey(reads), 'a pattern that happens to match all is none of these')
  one.addKeys({ pattern: '*', reads: false, writes: true })
  t.notOk(one.permitsEveryKey(reads))
  one.addKeys({ pattern: '*', reads: true, writes: false })
  t.ok(one.permitsEveryKey(reads))
  one.resetKeys(false)
  t.notOk(one.permitsEveryKey(reads))
  one.resetKeys(true)
  t.ok(one.permitsEveryKey({ reads: true, writes: true }))
  t.ok(one.permitsKey('x', ['RW', 'access', 'delete']))
})

t.test('channels by patterns, patterns to the letter', async (t) => {
  const one = selector()
  one.addChannels('news:*')
  one.addChannels('news:*')
  t.same(one.channelPatterns, ['news:*'])
  t.ok(one.permitsChannel('news:1', false))
  t.notOk(one.permitsChannel('old', false))
  t.ok(one.permitsChannel('news:*', true))
  t.notOk(one.permitsChannel('news:1', true))
  one.resetChannels(true)
  t.ok(one.permitsChannel('*', true))
  t.same(one.channelPatterns, [])
})

t.test('without restrictions is who may do everything', async (t) => {
  const one = selector()
  one.resetKeys(true)
  one.resetChannels(true)
  t.notOk(one.isUnrestricted)
  one.commands.allowAll()
  t.ok(one.isUnrestricted)
  const copy = new Selector({ of: one })
  copy.resetKeys(false)
  t.notOk(copy.isUnrestricted)
  t.ok(one.isUnrestricted, 'a copy goes its own way')
  one.resetChannels(false)
  t.notOk(one.isUnrestricted)
})
