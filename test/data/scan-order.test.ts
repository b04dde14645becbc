import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { ScanOrder } from '../../lib/data/scan-order.ts'

function scanAll(order: ScanOrder, count: number): string[] {
  const found: string[] = []
  let position = 0
  do position = order.step(position, count, found)
  while (position !== 0)
  return found
}

function names(length: number, prefix = 'n'): string[] {
  return Array.from({ length }, (_, i) => `${prefix}${i}`)
}

t.test('a scan of what does not change gives everything once', async (t) => {
  for (const size of [0, 1, 2, 15, 64, 65, 1000]) {
    const order = new ScanOrder(names(size), size)
    t.strictSame(scanAll(order, 7).toSorted(), names(size).toSorted(), `${size}`)
  }
})

t.test('a step gives about as many as wanted and does not look forever for more', async (t) => {
  const size = 4000
  const order = new ScanOrder(names(size), size)
  let position = 0
  do {
    const found: string[] = []
    position = order.step(position, 10, found)
    t.ok(found.length >= 10 || position === 0)
    t.ok(found.length < 40, `${found.length}`)
  } while (position !== 0)
  for (const name of names(3000)) order.remove(name)
  let steps = 0
  do {
    position = order.step(position, 1, [])
    steps++
  } while (position !== 0)
  t.ok(steps > 100, 'sparse buckets end a step before the end')
})

t.test('positions outside the order end a scan', async (t) => {
  const order = new ScanOrder(names(100), 100)
  const found: string[] = []
  t.equal(order.step(2 ** 32, 10, found), 0)
  t.equal(order.step(2 ** 45, 10, found), 0)
  t.strictSame(found, [])
  t.equal(order.step(2 ** 32 - 1, 1000, found), 0)
})

t.test('what is removed is gone, what is added is there', async (t) => {
  const order = new ScanOrder(names(10), 10)
  order.remove('n3')
  order.remove('unknown')
  order.add('new')
  const expected = [...names(10).filter((name) => name !== 'n3'), 'new']
  t.strictSame(scanAll(order, 3).toSorted(), expected.toSorted())
})

t.test(
  'what is there from the first step to the last is found, whatever else comes and goes',
  async (t) => {
    const seed = process.env.SEED ?? 'scan-order'
    const random = new Random(seed)
    for (let run = 0; run < 60; run++) {
      const stable = names(1 + random.below(300), 's')
      const passing = new Set(names(random.below(400), 'p'))
      const everThere = new Set([...stable, ...passing])
      let order = new ScanOrder(everThere, everThere.size)
      const found: string[] = []
      let position = 0
      let steps = 0
      do {
        position = order.step(position, 1 + random.below(20), found)
        for (let i = random.below(random.pick([5, 200])); i > 0; i--) {
          const name = `p${random.below(3000)}`
          if (passing.delete(name)) order.remove(name)
          else {
            passing.add(name)
            order.add(name)
            everThere.add(name)
          }
        }
        // It may be dropped and built again between two steps.
        if (random.below(4) === 0) {
          order = new ScanOrder([...stable, ...passing], stable.length + passing.size)
        }
        if (++steps > 10_000) throw new Error(`SEED=${seed} run ${run}: the scan does not end`)
      } while (position !== 0)
      const seen = new Set(found)
      const missing = stable.filter((name) => !seen.has(name))
      if (missing.length > 0) t.fail(`SEED=${seed} run ${run}: misses ${missing}`)
      if (found.some((name) => !everThere.has(name))) t.fail(`SEED=${seed} run ${run}: invents`)
    }
    t.pass(`SEED=${seed}`)
  },
)

t.test('samples have the same chance, and there is none in an empty order', async (t) => {
  const random = new Random('sample')
  const grown = new ScanOrder([], 0)
  for (const name of names(50)) grown.add(name)
  const shrunk = new ScanOrder(names(5000), 5000)
  for (const name of names(5000).slice(50)) shrunk.remove(name)
  for (const order of [new ScanOrder(names(50), 50), grown, shrunk]) {
    const times = new Map<string, number>()
    for (let i = 0; i < 50_000; i++) {
      const name = order.sample(random) as string
      times.set(name, (times.get(name) ?? 0) + 1)
    }
    t.equal(times.size, 50)
    // Expected 1000 each; six standard deviations are about 188.
    for (const [name, count] of times) t.ok(Math.abs(count - 1000) < 188, `${name}: ${count}`)
  }
  t.equal(new ScanOrder([], 0).sample(random), undefined)
})

t.test('all that is left is found after it has shrunk', async (t) => {
  const order = new ScanOrder(names(5000), 5000)
  for (const [i, name] of names(5000).entries()) if (i % 40 !== 0) order.remove(name)
  const left = names(5000).filter((_, i) => i % 40 === 0)
  t.strictSame(scanAll(order, 10).toSorted(), left.toSorted())
  for (const name of left) order.remove(name)
  t.strictSame(scanAll(order, 10), [])
})

t.test('it is neglected after more changes than building it anew would cost', async (t) => {
  const order = new ScanOrder(names(100), 100)
  t.equal(order.neglected, false)
  for (let i = 0; i < 1000; i++) {
    order.add('x')
    order.remove('x')
  }
  t.equal(order.neglected, true)
  order.step(0, 1, [])
  t.equal(order.neglected, false)
})
