/** Which key goes next, by each policy. */
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { Eviction, evictionPolicies } from '../../lib/keyspace/eviction.ts'
import { CommandRunner } from '../support/command-runner.ts'

function chooser(policy: string, runner: CommandRunner): Eviction {
  const eviction = new Eviction(runner.databases, new Random(7))
  eviction.follow(evictionPolicies[policy])
  return eviction
}

/** Lets keys go one after the other; their names in that order. */
function goneInTurn(eviction: Eviction, samples = 5): string[] {
  const gone: string[] = []
  for (let victim = eviction.next(samples); victim; victim = eviction.next(samples)) {
    victim.database.evict(victim.key)
    gone.push(victim.key)
  }
  return gone
}

t.test('nothing goes without a policy, or without keys that may', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET k 1')
  t.equal(chooser('noeviction', runner).next(5), undefined)
  for (const policy of ['volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl']) {
    t.equal(chooser(policy, runner).next(5), undefined, policy)
  }
  runner.run('DEL k')
  for (const policy of ['allkeys-lru', 'allkeys-lfu', 'allkeys-random']) {
    t.equal(chooser(policy, runner).next(5), undefined, policy)
  }
})

t.test('the key that was not used for longest goes first', async (t) => {
  const runner = new CommandRunner()
  const eviction = chooser('allkeys-lru', runner)
  for (const key of ['a', 'b', 'c', 'd']) {
    runner.run(`SET ${key} 1`)
    runner.clock.now += 1000
  }
  runner.run('GET a')
  t.same(goneInTurn(eviction), ['b', 'c', 'd', 'a'])
  t.equal(runner.stats.evicted, 4)
})

t.test('writing a key anew is using it', async (t) => {
  const runner = new CommandRunner()
  const eviction = chooser('allkeys-lru', runner)
  for (const key of ['a', 'b', 'a']) {
    runner.run(`SET ${key} 1`)
    runner.clock.now += 1000
  }
  t.same(goneInTurn(eviction), ['b', 'a'])
})

t.test('the key that is used least goes first', async (t) => {
  const runner = new CommandRunner()
  const eviction = chooser('allkeys-lfu', runner)
  runner.runAll('SET a 1', 'SET b 1', 'SET c 1')
  for (let i = 0; i < 200; i++) runner.run('GET b')
  runner.run('GET c')
  t.same(goneInTurn(eviction), ['a', 'c', 'b'])
})

t.test('of keys that expire, the one that ends first, of any database', async (t) => {
  const runner = new CommandRunner()
  const eviction = chooser('volatile-ttl', runner)
  runner.runAll('SET a 1 EX 300', 'SET b 1 EX 100', 'SET c 1', 'SELECT 1', 'SET d 1 EX 200')
  t.same(goneInTurn(eviction), ['b', 'd', 'a'])
  t.equal(runner.databases[0]?.size, 1, 'what does not expire stays')
})

t.test('only keys that expire go by the volatile policies', async (t) => {
  for (const policy of ['volatile-lru', 'volatile-lfu', 'volatile-random']) {
    const runner = new CommandRunner()
    const eviction = chooser(policy, runner)
    for (let i = 0; i < 30; i++) runner.run(i % 2 === 0 ? `SET k${i} 1 EX 100` : `SET k${i} 1`)
    t.equal(goneInTurn(eviction).length, 15, policy)
    t.equal(runner.db.size, 15)
    t.equal(runner.db.expiring, 0)
  }
})

t.test('by chance every key may go', async (t) => {
  const first = new Set<string>()
  for (let seed = 0; seed < 60; seed++) {
    const runner = new CommandRunner({ seed })
    runner.runAll('SET a 1', 'SET b 1', 'SET c 1')
    first.add(goneInTurn(chooser('allkeys-random', runner))[0] ?? '')
  }
  t.same([...first].sort(), ['a', 'b', 'c'])
})

t.test('a candidate that lost its expiry, or is gone, does not go', async (t) => {
  const runner = new CommandRunner()
  const eviction = chooser('volatile-lru', runner)
  runner.run('SET a 1 EX 100')
  runner.clock.now += 1000
  runner.runAll('SET b 1 EX 100')
  runner.clock.now += 1000
  runner.runAll('SET c 1 EX 100')
  t.equal(eviction.next(5)?.key, 'a')
  runner.runAll('PERSIST a', 'DEL b')
  t.equal(eviction.next(5)?.key, 'c')
})

t.test('samples find old keys among very many', async (t) => {
  const runner = new CommandRunner({ seed: 3 })
  const eviction = chooser('allkeys-lru', runner)
  for (let i = 0; i < 4000; i++) {
    if (i === 2000) runner.clock.now += 3_600_000
    runner.run(`SET {tag}${i} 1`)
  }
  let old = 0
  for (let i = 0; i < 1000; i++) {
    const victim = eviction.next(10)
    if (Number(victim?.key.slice(5)) < 2000) old++
    if (victim !== undefined) runner.db.evict(victim.key)
  }
  t.ok(old > 950, `${old} of 1000 were old ones`)
})

t.test('the event of a key that goes is `evicted`', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET k 1')
  runner.takeEvents()
  goneInTurn(chooser('allkeys-lru', runner))
  t.same(runner.takeEvents(), ['e evicted k'])
})
