/** Lists of all sizes against a plain array that does the same. */
import t, { type Test } from 'tap'
import { Random } from '../../lib/base/random.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { type ListEnd, ListValue } from '../../lib/data/list.ts'

const ENDS: readonly ListEnd[] = ['left', 'right']

function listOf(elements: readonly string[]): ListValue {
  return new ListValue(defaultEncodingLimits(), elements)
}

/** So many elements, of few kinds so that they repeat. */
function elements(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => String(random.below(12)))
}

/** Indexes of what LPOS looks for. */
function positions(
  model: readonly string[],
  element: string,
  { rank, count, maxLength }: { rank: number; count: number; maxLength: number },
): number[] {
  const indexes = [...model.keys()]
  const order = rank > 0 ? indexes : indexes.reverse()
  const seen = maxLength === 0 ? order : order.slice(0, maxLength)
  const matches = seen.filter((index) => model[index] === element).slice(Math.abs(rank) - 1)
  return count === 0 ? matches : matches.slice(0, count)
}

/** Removes from the model as LREM does. */
function remove(model: string[], element: string, limit: number, from: ListEnd): number {
  const rank = from === 'left' ? 1 : -1
  const found = positions(model, element, { rank, count: limit, maxLength: 0 })
  for (const index of found.toSorted((a, b) => b - a)) model.splice(index, 1)
  return found.length
}

function editOnce(t: Test, random: Random, list: ListValue, model: string[]): void {
  const element = String(random.below(14))
  const end = ENDS[random.below(2)] as ListEnd
  switch (random.below(8)) {
    case 0:
    case 1:
      list.push(end, element)
      if (end === 'left') model.unshift(element)
      else model.push(element)
      break
    case 2:
      t.equal(list.pop(end), end === 'left' ? model.shift() : model.pop())
      break
    case 3: {
      const limit = random.below(4)
      t.equal(list.remove(element, limit, end), remove(model, element, limit, end))
      break
    }
    case 4: {
      const side = random.below(2) === 0 ? 'before' : 'after'
      const pivot = model.indexOf(element)
      t.equal(list.insert(side, element, 'new'), pivot >= 0)
      if (pivot >= 0) model.splice(side === 'before' ? pivot : pivot + 1, 0, 'new')
      break
    }
    case 5: {
      const index = random.below(2 * model.length + 4) - model.length - 2
      const at = index < 0 ? index + model.length : index
      t.equal(list.at(index), model[at])
      t.equal(list.set(index, 'set'), at in model)
      if (at in model) model[at] = 'set'
      break
    }
    case 6: {
      const [left, right] = [random.below(3), random.below(3)]
      list.trim(left, right)
      model.splice(0, left)
      model.splice(Math.max(0, model.length - right), right)
      break
    }
    default: {
      const search = {
        rank: (random.below(3) + 1) * (random.below(2) === 0 ? 1 : -1),
        count: random.below(4),
        maxLength: random.below(2) * random.below(model.length + 1),
      }
      t.same(list.positionsOf(element, search), positions(model, element, search))
      const first = random.below(model.length + 1)
      const last = first + random.below(300)
      t.same(list.range(first, last), model.slice(first, last + 1))
    }
  }
}

t.test('random edits do what they do to an array', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  for (const size of [0, 3, 127, 129, 1000]) {
    await t.test(`of a list of ${size}`, async (t) => {
      const random = new Random(`${seed} ${size}`)
      const model = elements(random, size)
      const list = listOf(model)
      for (let i = 0; i < 400; i++) {
        editOnce(t, random, list, model)
        if (list.size !== model.length) break
      }
      t.equal(list.size, model.length)
      t.same([...list.values()], model)
    })
  }
})

t.test('a list that grew at one end can be emptied from the other', async (t) => {
  for (const [grown, emptied] of [
    ['left', 'right'],
    ['right', 'left'],
  ] as const) {
    const list = listOf([])
    for (let i = 0; i < 1000; i++) list.push(grown, String(i))
    for (let i = 0; i < 1000; i++) if (list.pop(emptied) !== String(i)) t.fail(`element ${i}`)
    t.equal(list.pop(emptied), undefined)
    t.equal(list.size, 0)
  }
})

t.test('trimmed in the middle of large lists', async (t) => {
  const model = Array.from({ length: 1000 }, (_, i) => String(i))
  for (const [left, right] of [
    [0, 0],
    [128, 128],
    [127, 1],
    [300, 500],
    [999, 0],
    [500, 500],
    [1000, 1000],
  ] as const) {
    const list = listOf(model)
    list.trim(left, right)
    t.same([...list.values()], model.slice(left, Math.max(left, 1000 - right)), `${left} ${right}`)
    list.push('left', 'a')
    list.push('right', 'z')
    t.equal(list.at(0), 'a')
    t.equal(list.at(-1), 'z')
  }
})

t.test('inserting again and again keeps the order', async (t) => {
  const list = listOf(['first', 'last'])
  for (let i = 0; i < 1000; i++) list.insert('before', 'last', String(i))
  t.same(
    [...list.values()],
    ['first', ...Array.from({ length: 1000 }, (_, i) => String(i)), 'last'],
  )
})

t.test('a copy shares nothing', async (t) => {
  const list = listOf(['a', 'b'])
  const copy = list.copy()
  copy.push('right', 'c')
  copy.set(0, 'x')
  t.same([...list.values()], ['a', 'b'])
  t.same([...copy.values()], ['x', 'b', 'c'])
  t.equal(copy.size, 3)
  t.equal(list.encoding(), 'quicklist')
})

t.test('a listpack while all fits one node, and again when half of it would do', async (t) => {
  const limits = { ...defaultEncodingLimits(), listsMayBeListpacks: true, listMaxListpackSize: 6 }
  const list = new ListValue(limits, ['a', 'b', 'c', 'd'])
  t.equal(list.encoding(), 'listpack')
  t.equal(list.copy().encoding(), 'listpack')
  const grow = (...elements: string[]) => {
    list.makeRoom(elements, 0)
    for (const element of elements) list.push('right', element)
  }
  grow('e', 'f')
  t.equal(list.encoding(), 'listpack')
  grow('g')
  t.equal(list.encoding(), 'quicklist')
  for (let i = 0; i < 3; i++) list.pop('left')
  t.equal(list.encoding(), 'quicklist', 'four are more than half')
  list.trim(1, 0)
  t.equal(list.encoding(), 'listpack')
  limits.listMaxListpackSize = -1
  grow('x'.repeat(4090))
  t.equal(list.encoding(), 'quicklist')
  list.set(-1, 'small')
  t.equal(list.encoding(), 'listpack')
  t.ok(list.memoryBytes() < 100)
  t.equal(new ListValue(limits, ['x'.repeat(5000)]).encoding(), 'quicklist')
  t.equal(listOf(['a']).encoding(), 'quicklist', 'not before 7.2')
})
