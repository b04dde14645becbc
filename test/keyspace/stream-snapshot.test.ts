import { Buffer } from 'node:buffer'
import t from 'tap'
import { formatStreamId } from '../../lib/base/stream-id.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { streamOfRecord, streamRecord } from '../../lib/keyspace/stream-snapshot.ts'
import { decodeDump, encodeDump, verifiedDump } from '../../lib/rdb/dump.ts'
import { CommandRunner } from '../support/command-runner.ts'

t.test('a stream is the same after a dump, its groups, too', async (t) => {
  const runner = new CommandRunner()
  for (let i = 1; i <= 250; i++) runner.run(`XADD s ${i} ${i % 7 === 0 ? 'g' : 'f'} v`)
  runner.runAll('XDEL s 5', 'XTRIM s MAXLEN 200', 'XGROUP CREATE s g 60', 'XGROUP CREATE s h 0')
  runner.run('XREADGROUP GROUP g alice COUNT 5 STREAMS s >')
  runner.run('XREADGROUP GROUP g bob COUNT 5 STREAMS s >')
  const live = runner.db.readStream('s')
  if (live === undefined) throw new Error('no stream')
  const record = streamRecord(live)
  const payload = encodeDump(record)
  const read = decodeDump(verifiedDump(payload) ?? Buffer.alloc(0))
  if (read.type !== 'stream') throw new Error(read.type)
  const stream = streamOfRecord(read, defaultEncodingLimits())
  runner.db.set('copy', stream)
  t.equal(encodeDump(streamRecord(stream)), payload)
  t.equal(runner.run('XINFO STREAM copy FULL'), runner.run('XINFO STREAM s FULL'))
  t.equal(formatStreamId(stream.firstId), '51-0')
  const group = stream.groups.get('g')
  for (const [id, entry] of group?.pending.entries() ?? []) {
    t.equal(entry.consumer.pending.get(id), entry)
  }
  t.equal(group?.pending.size, 10)
})
