import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { Backlog } from '../../lib/replication/backlog.ts'

t.test('what it holds, from byte to byte', async (t) => {
  const backlog = new Backlog(8, 101)
  t.equal(backlog.firstOffset, 101)
  t.equal(backlog.length, 0)
  t.ok(backlog.reaches(101), 'the next byte: nothing is missing')
  t.equal(backlog.from(101), '')
  t.notOk(backlog.reaches(102))
  backlog.append('abcde')
  t.equal(backlog.from(101), 'abcde')
  backlog.appendBuffer(Buffer.from('fghij'))
  t.equal(backlog.nextOffset, 111)
  t.equal(backlog.firstOffset, 103)
  t.notOk(backlog.reaches(102))
  t.equal(backlog.from(103), 'cdefghij')
  t.equal(backlog.from(110), 'j')
  backlog.append('0123456789')
  t.equal(backlog.from(backlog.firstOffset), '23456789', 'more than fits: the last of it')
})

t.test('a new capacity keeps the last bytes', async (t) => {
  const backlog = new Backlog(8, 1)
  backlog.append('0123456789')
  backlog.resize(4)
  t.equal(backlog.from(backlog.firstOffset), '6789')
  t.equal(backlog.nextOffset, 11)
  backlog.resize(6)
  backlog.append('ab')
  t.equal(backlog.from(backlog.firstOffset), '6789ab')
  backlog.append('c')
  t.equal(backlog.from(backlog.firstOffset), '789abc')
})

t.test('what somebody waits for stays, however much it is', async (t) => {
  const backlog = new Backlog(4, 1)
  backlog.append('abcdef')
  backlog.keepFrom(4)
  backlog.append('ghij')
  backlog.appendBuffer(Buffer.from('klmnopqrstu'))
  t.equal(backlog.from(4), 'defghijklmnopqrstu')
  t.ok(backlog.reaches(4))
  t.equal(backlog.capacity, 4, 'it is to hold no more than before')
  t.ok(backlog.bytes >= 18)
  backlog.resize(3)
  t.equal(backlog.from(4), 'defghijklmnopqrstu')
  backlog.keepFrom(20)
  t.equal(backlog.from(20), 'tu')
  t.equal(backlog.bytes, 3)
  backlog.keepFrom(undefined)
  backlog.append('vwxyz')
  t.equal(backlog.from(backlog.firstOffset), 'xyz')
})

t.test('takes memory as the stream comes', async (t) => {
  const backlog = new Backlog(1024 * 1024, 1)
  t.equal(backlog.capacity, 1024 * 1024)
  t.ok(backlog.bytes <= 16 * 1024)
  const stream = '0123456789'.repeat(10_000)
  for (let i = 0; i < stream.length; i += 1000) backlog.append(stream.slice(i, i + 1000))
  t.equal(backlog.from(1), stream)
  t.ok(backlog.bytes >= stream.length && backlog.bytes <= 2 * stream.length)
  backlog.keepFrom(2)
  backlog.keepFrom(undefined)
  t.ok(
    backlog.bytes <= 2 * stream.length,
    'nothing for nothing when a replica has got what it waited for',
  )
  backlog.append('x'.repeat(1024 * 1024))
  t.equal(backlog.bytes, 1024 * 1024)
  t.equal(backlog.firstOffset, stream.length + 1)
})

t.test('it is the end of the stream, however that came', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (let round = 0; round < 200; round++) {
    // Rings that are whole at once, and such as grow.
    const scale = round % 20 === 0 ? 2000 : 1
    let capacity = (1 + random.below(50)) * scale
    const backlog = new Backlog(capacity, 1)
    let stream = ''
    let lost = 0
    for (let i = 0; i < 40; i++) {
      const bytes = random.bytes(random.below(70)).repeat(scale)
      if (random.below(2) === 0) backlog.append(bytes)
      else backlog.appendBuffer(Buffer.from(bytes, 'latin1'))
      stream += bytes
      lost = Math.max(lost, stream.length - capacity)
      if (random.below(10) === 0) {
        capacity = (1 + random.below(50)) * scale
        backlog.resize(capacity)
        lost = Math.max(lost, stream.length - capacity)
      }
      const isRight =
        backlog.firstOffset === lost + 1 &&
        backlog.nextOffset === stream.length + 1 &&
        backlog.from(lost + 1) === stream.slice(lost)
      if (!isRight) t.fail(`round ${round} of seed ${seed}`)
    }
  }
})
