import t from 'tap'
import { AclLog, type Refusal } from '../../lib/acl/log.ts'

const refusal: Refusal = {
  reason: 'command',
  context: 'toplevel',
  object: 'get',
  userName: 'ann',
  client: 'id=1',
}

t.test('the same soon after is counted and comes first', async (t) => {
  const log = new AclLog()
  log.add(refusal, { nowMs: 0, limit: 128 })
  log.add({ ...refusal, object: 'set' }, { nowMs: 10, limit: 128 })
  log.add({ ...refusal, client: 'id=2' }, { nowMs: 60_000, limit: 128 })
  t.same(log.newest(10, 61_000), [
    { ...refusal, client: 'id=2', id: 0, count: 2, ageMs: 1000, createdMs: 0, updatedMs: 60_000 },
    { ...refusal, object: 'set', id: 1, count: 1, ageMs: 60_990, createdMs: 10, updatedMs: 10 },
  ])
  log.add(refusal, { nowMs: 120_001, limit: 128 })
  t.same(
    log.newest(10, 120_001).map(({ id, count }) => [id, count]),
    [
      [2, 1],
      [0, 2],
      [1, 1],
    ],
    'after a minute it is another',
  )
  log.clear()
  log.add(refusal, { nowMs: 120_002, limit: 128 })
  t.same(
    log.newest(10, 120_002).map(({ id }) => id),
    [3],
    'a cleared log does not count anew',
  )
})

t.test('what differs in anything is another', async (t) => {
  for (const other of [
    { reason: 'key' },
    { context: 'multi' },
    { object: 'x' },
    { userName: 'ben' },
  ] as const) {
    const log = new AclLog()
    log.add(refusal, { nowMs: 0, limit: 128 })
    log.add({ ...refusal, ...other }, { nowMs: 0, limit: 128 })
    t.equal(log.newest(10, 0).length, 2, JSON.stringify(other))
  }
})

t.test('only the ten newest are looked at, and only so many stay', async (t) => {
  const log = new AclLog()
  for (let i = 0; i < 11; i++) log.add({ ...refusal, object: `${i}` }, { nowMs: 0, limit: 128 })
  log.add({ ...refusal, object: '1' }, { nowMs: 0, limit: 128 })
  log.add({ ...refusal, object: '0' }, { nowMs: 0, limit: 128 })
  t.same(
    log.newest(3, 0).map(({ object, count }) => [object, count]),
    [
      ['0', 1],
      ['1', 2],
      ['10', 1],
    ],
  )
  log.add({ ...refusal, object: 'new' }, { nowMs: 0, limit: 2 })
  t.same(
    log.newest(10, 0).map(({ object }) => object),
    ['new', '0'],
  )
  log.add({ ...refusal, object: 'none' }, { nowMs: 0, limit: 0 })
  t.same(log.newest(10, 0), [])
  log.add(refusal, { nowMs: 0, limit: 1 })
  log.clear()
  t.same(log.newest(10, 0), [])
})
