import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { ExpiryQueue } from '../../lib/keyspace/expiry-queue.ts'

class Table {
  readonly times = new Map<string, number>()
  walks = 0
  readonly queue = new ExpiryQueue(this)

  get expiring(): number {
    return this.times.size
  }

  expiryOf(key: string): number | undefined {
    return this.times.get(key)
  }

  expiries(): Iterable<[string, number]> {
    this.walks++
    return this.times
  }

  set(key: string, atMs: number): void {
    const former = this.times.get(key)
    this.times.set(key, atMs)
    this.queue.add(key, atMs, former)
  }

  delete(key: string): void {
    if (this.times.delete(key)) this.queue.trim()
  }
}

t.test('the first is the earliest that still holds', async (t) => {
  const table = new Table()
  t.equal(table.queue.first(), undefined)
  table.set('a', 30)
  table.set('b', 10)
  table.set('c', 20)
  t.strictSame(table.queue.first(), { key: 'b', atMs: 10 })
  table.delete('b')
  t.strictSame(table.queue.first(), { key: 'c', atMs: 20 })
  table.set('c', 40)
  t.strictSame(table.queue.first(), { key: 'a', atMs: 30 })
  table.set('c', 5)
  t.strictSame(table.queue.first(), { key: 'c', atMs: 5 })
  table.times.clear()
  table.queue.clear()
  t.equal(table.queue.first(), undefined)
})

t.test('a key that lost its expiry and got one again is found', async (t) => {
  const table = new Table()
  table.set('a', 10)
  table.delete('a')
  table.set('a', 50)
  table.set('b', 20)
  t.strictSame(table.queue.first(), { key: 'b', atMs: 20 })
  table.delete('b')
  t.strictSame(table.queue.first(), { key: 'a', atMs: 50 })
})

t.test('entries of the gone do not pile up', async (t) => {
  const table = new Table()
  for (let i = 0; i < 10_000; i++) {
    table.set('k', 1_000_000 - i)
    table.delete('k')
  }
  t.ok(table.walks > 100 && table.walks < 200, `rebuilt ${table.walks} times`)
  table.set('k', 7)
  t.strictSame(table.queue.first(), { key: 'k', atMs: 7 })
})

t.test('under random changes it agrees with a search of the table', async (t) => {
  const seed = process.env.SEED ?? 'expiry-queue'
  const random = new Random(seed)
  const table = new Table()
  for (let step = 0; step < 20_000; step++) {
    const key = `k${random.below(200)}`
    if (random.below(3) === 0) table.delete(key)
    else table.set(key, random.below(1000))
    if (step % 7 !== 0) continue
    const first = table.queue.first()
    const earliest = table.times.size === 0 ? undefined : Math.min(...table.times.values())
    if (first?.atMs !== earliest)
      t.fail(`SEED=${seed} step ${step}: ${first?.atMs}, not ${earliest}`)
    if (first !== undefined && table.times.get(first.key) !== first.atMs) {
      t.fail(`SEED=${seed} step ${step}: ${first.key}`)
    }
  }
  t.pass(`SEED=${seed}`)
})
