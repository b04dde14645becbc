import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { KeyedCollection } from '../../lib/data/keyed-collection.ts'

/** The least that can be scanned and drawn from. */
class Names extends KeyedCollection {
  readonly #set: Set<string>
  protected override readonly isCompact = false

  constructor(set = new Set<string>()) {
    super(set)
    this.#set = set
  }

  names(): Iterable<string> {
    return this.#set
  }

  protected override bytesOf(name: string): number {
    return name.length
  }

  add(name: string): void {
    if (!this.#set.has(name)) {
      this.#set.add(name)
      this.added(name)
    }
  }

  delete(name: string): void {
    if (this.#set.delete(name)) this.removed(name)
  }
}

function namesOf(size: number): Names {
  const names = new Names()
  for (let i = 0; i < size; i++) names.add(`m${i}`)
  return names
}

t.test('a scan finds what is there all the time, whatever comes and goes', async (t) => {
  const names = namesOf(1000)
  const found = new Set<string>()
  let position = 0
  do {
    const step = names.scan(position, 10)
    for (const name of step.names) found.add(name)
    names.delete(`m${found.size}`)
    names.add(`new${found.size}`)
    position = step.position
  } while (position !== 0)
  for (const name of names.names()) if (name.startsWith('m')) t.ok(found.has(name), name)
})

t.test('random names are there, and distinct where they must be', async (t) => {
  const random = new Random('names')
  for (const size of [1, 10, 1000]) {
    const names = namesOf(size)
    t.ok(names.has(names.randomName(random) ?? ''))
    for (const count of [1, 5, 100, 2000]) {
      const picked = names.randomNames(count, random)
      t.equal(new Set(picked).size, Math.min(count, size))
      t.ok(picked.every((name) => names.has(name)))
      const draw = names.nameDraw(count, random)
      t.ok(names.has(draw() ?? ''))
    }
  }
  t.equal(namesOf(0).randomName(random), undefined)
  t.strictSame(namesOf(0).randomNames(3, random), [])
  t.equal(namesOf(0).nameDraw(3, random)(), undefined)
})
