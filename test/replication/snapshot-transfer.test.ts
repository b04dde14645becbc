import { Buffer } from 'node:buffer'
import t from 'tap'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'
import { SnapshotTransfer } from '../../lib/replication/snapshot-transfer.ts'

function transferOf(mark: string | undefined) {
  const peers = [new ReplicaPeer(1, ''), new ReplicaPeer(2, '')]
  for (const peer of peers) peer.state = 'wait_bgsave_end'
  const sent: [number, string][] = []
  const sink = (effect: { type: string; client?: number; bytes?: unknown }) =>
    sent.push([effect.client ?? 0, String(effect.bytes)])
  const transfer = new SnapshotTransfer(peers, mark, { replicationId: '', offset: 0 })
  return { peers, sent, transfer, sink }
}

t.test('between marks it goes out as it comes', async (t) => {
  const mark = 'm'.repeat(40)
  const { peers, sent, transfer, sink } = transferOf(mark)
  t.ok(transfer.isStreamed)
  transfer.add(Buffer.from('a\xff', 'latin1'), sink)
  if (peers[1] !== undefined) peers[1].state = 'none'
  transfer.add(Buffer.from('b'), sink)
  transfer.end(sink)
  t.strictSame(sent, [
    [1, `$EOF:${mark}\r\na\xff`],
    [2, `$EOF:${mark}\r\na\xff`],
    [1, 'b'],
    [1, mark],
  ])
})

t.test('an empty one has both marks', async (t) => {
  const { sent, transfer, sink } = transferOf('m'.repeat(40))
  transfer.end(sink)
  t.strictSame(sent[0], [1, `$EOF:${'m'.repeat(40)}\r\n${'m'.repeat(40)}`])
})

t.test('of known length it says how long it is', async (t) => {
  const { peers, sent, transfer, sink } = transferOf(undefined)
  t.notOk(transfer.isStreamed)
  t.ok(transfer.isWriting)
  transfer.length = 3
  t.notOk(transfer.isWriting)
  t.strictSame(
    peers.map(({ state }) => state),
    ['send_bulk', 'send_bulk'],
  )
  transfer.add(Buffer.from('a\xff', 'latin1'), sink)
  transfer.add(Buffer.from('b'), sink)
  transfer.end(sink)
  t.strictSame(sent, [
    [1, '$3\r\na\xff'],
    [2, '$3\r\na\xff'],
    [1, 'b'],
    [2, 'b'],
  ])
})
