import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { EventQueue } from './event-queue.ts'

t.test('events run by time, and in the order asked for within an instant', async (t) => {
  const queue = new EventQueue(1000)
  const random = new Random('events')
  const ran: [atMs: number, sequence: number][] = []
  const asked: [number, number][] = []
  for (let i = 0; i < 500; i++) {
    const atMs = 1000 + random.below(50)
    asked.push([atMs, i])
    queue.at(atMs, () => ran.push([queue.now, i]))
  }
  while (queue.runNext(Number.POSITIVE_INFINITY));
  t.same(
    ran,
    asked.sort((a, b) => a[0] - b[0] || a[1] - b[1]),
  )
  t.equal(queue.size, 0)
})

t.test('nothing runs before its time', async (t) => {
  const queue = new EventQueue(0)
  let ran = 0
  queue.after(10, () => ran++)
  t.equal(queue.runNext(9), false)
  t.equal(queue.now, 0)
  t.equal(queue.runNext(10), true)
  t.same([ran, queue.now], [1, 10])
  queue.at(3, () => ran++)
  queue.runNext(10)
  t.same([ran, queue.now], [2, 10], 'what is late runs now')
})
