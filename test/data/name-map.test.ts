import t from 'tap'
import { nameHash } from '../../lib/base/name-hash.ts'
import { Random } from '../../lib/base/random.ts'
import { NameMap, NameSet } from '../../lib/data/name-map.ts'

function mapOf(count: number): NameMap<number> {
  const map = new NameMap<number>()
  for (let i = 0; i < count; i++) map.set(`n${i}`, i)
  return map
}

/** Two names of one hash. */
function twins(): [string, string] {
  const names = new Map<number, string>()
  for (let i = 0; ; i++) {
    const name = `twin:${i}`
    const other = names.get(nameHash(name))
    if (other !== undefined) return [other, name]
    names.set(nameHash(name), name)
  }
}

t.test('it holds what a Map holds, in the same order, whatever comes and goes', async (t) => {
  const seed = process.env.SEED ?? 'name-map'
  const random = new Random(seed)
  for (let run = 0; run < 40; run++) {
    const map = new NameMap<number>()
    const model = new Map<string, number>()
    const range = random.pick([3, 40, 2000])
    for (let phase = 0; phase < 4; phase++) {
      // Some phases fill it, others empty it.
      const deletions = random.pick([1, 5, 9])
      for (let i = 0; i < 2 * range; i++) {
        const name = `${random.below(range)}`
        if (random.below(10) < deletions) {
          if (map.delete(name) !== model.delete(name)) t.fail(`SEED=${seed} run ${run}: delete`)
        } else {
          map.set(name, i)
          model.set(name, i)
        }
      }
      const names = Array.from({ length: range }, (_, i) => `${i}`)
      const wrong = names.filter((name) => map.get(name) !== model.get(name))
      if (wrong.length > 0) t.fail(`SEED=${seed} run ${run}: ${wrong} differ`)
      if (names.some((name) => map.has(name) !== model.has(name))) t.fail(`SEED=${seed} run ${run}`)
      if (map.size !== model.size) t.fail(`SEED=${seed} run ${run}: size ${map.size}`)
      if (`${[...map]}` !== `${[...model]}`) t.fail(`SEED=${seed} run ${run}: entries`)
      if (`${[...map.keys()]}` !== `${[...model.keys()]}`) t.fail(`SEED=${seed} run ${run}: keys`)
    }
  }
  t.pass(`SEED=${seed}`)
})

t.test('names of one hash are told apart', async (t) => {
  const [one, other] = twins()
  const map = new NameMap<number>()
  map.set(one, 1)
  t.equal(map.get(other), undefined)
  t.equal(map.delete(other), false)
  map.set(other, 2)
  t.strictSame([map.get(one), map.get(other)], [1, 2])
  t.equal(map.delete(one), true)
  t.strictSame([map.get(one), map.get(other), map.size], [undefined, 2, 1])
})

t.test('who knows the hash of a name finds what was stored without', async (t) => {
  const map = mapOf(100)
  map.set('n7', 70, nameHash('n7') | 0)
  map.set('new', 100, nameHash('new') | 0)
  t.strictSame([map.get('n7'), map.get('new'), map.get('n8', nameHash('n8') | 0)], [70, 100, 8])
})

t.test('names have the same chance to be drawn, with gaps between them too', async (t) => {
  const random = new Random(1)
  const map = mapOf(100)
  for (let i = 0; i < 95; i++) map.delete(`n${i}`)
  const drawn = new Map<string | undefined, number>()
  for (let i = 0; i < 5000; i++) {
    const name = map.sample(random)
    drawn.set(name, (drawn.get(name) ?? 0) + 1)
  }
  t.strictSame([...drawn.keys()].map(String).toSorted(), ['n95', 'n96', 'n97', 'n98', 'n99'])
  t.ok(Math.min(...drawn.values()) > 850, [...drawn.values()].join(' '))
  t.equal(new NameMap().sample(random), undefined)
})

t.test('a set of names holds each once', async (t) => {
  const set = new NameSet(['b', 'a', 'b'])
  set.add('a')
  set.add('c')
  t.strictSame([...set.keys()], ['b', 'a', 'c'])
})

t.test('a walk over the names goes on while others go, and comes to all that stay', async (t) => {
  const map = mapOf(200)
  const walk = map.keys()
  const met = [walk.next().value, walk.next().value]
  for (let i = 2; i < 150; i++) map.delete(`n${i}`)
  map.set('late', 1)
  for (const name of walk) met.push(name)
  for (let i = 150; i < 200; i++) if (!met.includes(`n${i}`)) t.fail(`n${i} is missing`)
  t.equal(new Set(met).size, met.length, 'none comes twice')
})
