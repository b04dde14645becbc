import t from 'tap'
import { nameHash } from '../../lib/base/name-hash.ts'

t.test('names that are nearly alike are spread over first and last bits', async (t) => {
  const hashes = Array.from({ length: 1000 }, (_, i) => nameHash(`name:${i}`))
  t.ok(hashes.every((hash) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32))
  t.equal(nameHash('name:1'), hashes[1])
  for (const bucketOf of [(hash: number) => hash >>> 28, (hash: number) => hash % 16]) {
    const buckets = new Array<number>(16).fill(0)
    for (const hash of hashes) buckets[bucketOf(hash)] = (buckets[bucketOf(hash)] as number) + 1
    t.ok(Math.min(...buckets) > 20 && Math.max(...buckets) < 120, buckets.join(' '))
  }
})
