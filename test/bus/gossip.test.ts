import t from 'tap'
import { GOSSIP_BYTES, readGossip, writeGossip } from '../../lib/bus/gossip.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import { bytesOfNotation } from './fixtures/notation.ts'

t.test('an entry, field by field', async (t) => {
  const entry = {
    id: '0123456789abcdef0123456789abcdef01234567',
    pingSentSeconds: 0x6b00c3e7,
    pongReceivedSeconds: 0xffffffff,
    ip: '2001:db8:85a3:8d3:1319:8a2e:370:7348',
    port: 6379,
    otherPort: 6380,
    busPort: 16379,
    flags: NodeFlag.master | NodeFlag.fail | NodeFlag.migrateTo,
  }
  const expected = bytesOfNotation(`
    "0123456789abcdef0123456789abcdef01234567" 6b00c3e7 ffffffff
    "2001:db8:85a3:8d3:1319:8a2e:370:7348" 00*10 18eb 3ffb 0109 18ec 0000
  `)
  t.equal(expected.length, GOSSIP_BYTES)
  const bytes = Buffer.alloc(GOSSIP_BYTES + 3)
  writeGossip(bytes, 3, entry)
  t.equal(bytes.subarray(3).toString('hex'), expected.toString('hex'))
  t.strictSame(readGossip(bytes, 3), entry)
})
