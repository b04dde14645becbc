import { Buffer } from 'node:buffer'
import t from 'tap'
import { bytesOfSource } from '../../lib/rdb/source.ts'
import { FullSync } from '../../lib/replication/full-sync.ts'
import { Journal } from '../../lib/replication/journal.ts'
import type { LoadManner } from '../../lib/replication/settings.ts'

function start(manner: LoadManner = 'whole') {
  const log: string[] = []
  const journal = new Journal((effect) => {
    if (effect.type === 'log') log.push(effect.text)
  })
  return {
    sync: new FullSync({
      beginning: { id: 'a'.repeat(40), offset: 5 },
      manner,
      journal,
      begun: () => log.push('begun'),
    }),
    log,
  }
}

t.test('a payload, and the stream that comes too early', async (t) => {
  const { sync, log } = start()
  t.strictSame(sync.take(Buffer.from('\n')), { consumed: 1 })
  t.strictSame(sync.take(Buffer.from('$3\r\nab')), { consumed: 6 })
  t.strictSame(log, ['MASTER <-> REPLICA sync: receiving 3 bytes from master to disk', 'begun'])
  const { consumed, outcome } = sync.take(Buffer.from('cSET'))
  t.equal(consumed, 1)
  t.equal(outcome?.type === 'payload' && String(bytesOfSource(outcome.payload)), 'abc')
  t.ok(sync.isLoading)
  const chunk = Buffer.from('SET')
  t.strictSame(sync.take(chunk), { consumed: 3 })
  chunk.fill('x')
  sync.take(Buffer.from('GET'))
  t.equal(sync.early().toString(), 'SETGET')
})

t.test('all in one chunk', async (t) => {
  const { sync, log } = start()
  const mark = 'm'.repeat(40)
  const { consumed, outcome } = sync.take(Buffer.from(`$EOF:${mark}\r\nabc${mark}`))
  t.equal(consumed, 47 + 43)
  t.equal(outcome?.type === 'payload' && String(bytesOfSource(outcome.payload)), 'abc')
  t.equal(sync.early().length, 0)
  t.strictSame(log, [
    'MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to disk',
    'begun',
  ])
})

t.test('failures', async (t) => {
  const refused = start()
  t.match(refused.sync.take(Buffer.from('-ERR sorry\r\nmore')), {
    consumed: 16,
    outcome: { type: 'failed' },
  })
  t.strictSame(refused.log, ['MASTER aborted replication with an error: ERR sorry'])
  const strange = start()
  strange.sync.take(Buffer.from('!foo\r\n'))
  t.strictSame(strange.log, [
    "Bad protocol from MASTER, the first byte is not '$' (we received '!foo'), are you sure the host and port are right?",
  ])
  const closed = start()
  closed.sync.closed('Success')
  closed.sync.take(Buffer.from('$3\r\n'))
  closed.sync.closed('Success')
  t.strictSame(closed.log, [
    'I/O error reading bulk count from MASTER: Success',
    'MASTER <-> REPLICA sync: receiving 3 bytes from master to disk',
    'begun',
    'I/O error trying to sync with MASTER: connection lost',
  ])
})

t.test('what is loaded as it comes', async (t) => {
  for (const manner of ['in place', 'beside'] as const) {
    const { sync, log } = start(manner)
    sync.closed('before it began')
    t.notOk(sync.isLoadedAsItComes)
    sync.take(Buffer.from('$3\r\nab'))
    t.ok(sync.isLoadedAsItComes)
    sync.closed('too early')
    t.strictSame(log, [
      'I/O error reading bulk count from MASTER: before it began',
      'MASTER <-> REPLICA sync: receiving 3 bytes from master to parser',
      'begun',
      'Internal error in RDB reading offset 2 -> Unexpected EOF reading RDB file. Failure loading rdb format from socket, assuming connection error, resuming operation.',
      'Failed trying to load the MASTER synchronization DB from socket: too early',
    ])
  }
})
