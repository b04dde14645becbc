import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { bulkRun } from '../../lib/resp/bulk-run.ts'

function expected(elements: readonly string[]): string {
  return elements.map((element) => `$${element.length}\r\n${element}\r\n`).join('')
}

t.test('short ones, long ones, and both', async (t) => {
  for (const elements of [
    [],
    [''],
    ['', 'a', '123456789'],
    ['1234567890'],
    ['a', 'x'.repeat(255), 'y'.repeat(256), 'z'.repeat(70_000), 'b', ''],
    ['\r\n', '\0\xff', '$1\r\n'],
  ]) {
    t.equal(bulkRun(elements), expected(elements))
  }
})

t.test('more than is put together at once', async (t) => {
  const seed = process.env.SEED ?? String(Date.now())
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (const longest of [3, 9, 10, 40, 30_000]) {
    const elements = Array.from({ length: longest > 1000 ? 20 : 5000 }, () =>
      random.bytes(random.below(longest + 1)),
    )
    t.ok(bulkRun(elements) === expected(elements), `up to ${longest} bytes`)
  }
})

t.test('what was made stays as it is', async (t) => {
  const first = bulkRun(['one', 'ten bytes long'])
  bulkRun(['two', 'other bytes...'])
  t.equal(first, expected(['one', 'ten bytes long']))
})
