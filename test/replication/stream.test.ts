import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import type { ReplicationEffect } from '../../lib/replication/effect.ts'
import { History } from '../../lib/replication/history.ts'
import { Peers } from '../../lib/replication/peers.ts'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'
import { OutgoingStream } from '../../lib/replication/stream.ts'
import { encodeCommand } from '../../lib/resp/command.ts'

function streamOf() {
  const history = new History(new Random(1))
  const effects: ReplicationEffect[] = []
  const peer = new ReplicaPeer(1, '')
  peer.state = 'online'
  const peers = new Peers()
  peers.add(peer)
  const stream = new OutgoingStream(history, peers, (effect) => effects.push(effect))
  const sent = () =>
    effects.splice(0).map((effect) => (effect.type === 'send' ? effect.bytes : effect.type))
  return { history, stream, sent }
}

const SELECT_0 = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n'
const SELECT_3 = '*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n'
const SET = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\n\xff\r\n'

t.test('commands', async (t) => {
  t.equal(encodeCommand(['SET', 'k', '\xff']), SET)
  t.equal(encodeCommand(['X', '']), '*2\r\n$1\r\nX\r\n$0\r\n\r\n')
})

t.test('nothing is added before anybody followed', async (t) => {
  const { history, stream, sent } = streamOf()
  stream.feed(0, ['SET', 'k', 'v'])
  stream.ping()
  stream.flush()
  t.notOk(stream.isWanted)
  t.equal(history.offset, 0)
  t.strictSame(sent(), [])
})

t.test('a database is selected when it changes', async (t) => {
  const { history, stream, sent } = streamOf()
  history.keepBacklog(1000)
  stream.feed(0, ['SET', 'k', '\xff'])
  stream.feed(0, ['SET', 'k', '\xff'])
  t.strictSame(sent(), [], 'it waits for the end of the turn')
  t.equal(history.offset, SELECT_0.length + 2 * SET.length, 'and counts at once')
  stream.flush()
  t.strictSame(sent(), [SELECT_0 + SET + SET], 'one piece a turn')
  stream.feed(3, ['SET', 'k', '\xff'])
  stream.ping()
  stream.flush()
  t.strictSame(sent(), [`${SELECT_3}${SET}*1\r\n$4\r\nping\r\n`])
  stream.forgetSelection()
  stream.feed(3, ['SET', 'k', '\xff'])
  stream.flush()
  t.strictSame(sent(), [SELECT_3 + SET], 'again after it was forgotten')
  t.equal(history.backlog?.nextOffset, history.offset + 1)
})

t.test('what is too long for one text goes out part by part', async (t) => {
  const { history, stream, sent } = streamOf()
  history.keepBacklog(1000)
  const long = 'x'.repeat(200 * 2 ** 20)
  stream.feed(0, ['SET', 'k', '\xff'])
  stream.feed(0, ['MSET', 'a', long, 'b', long, 'c', long])
  stream.feed(0, ['SET', 'k', '\xff'])
  stream.flush()
  const head = `$${long.length}\r\n`
  t.strictSame(
    sent().map((bytes) => (bytes === long ? 'long' : bytes)),
    [
      `${SELECT_0}${SET}*7\r\n$4\r\nMSET\r\n$1\r\na\r\n${head}`,
      'long',
      `\r\n$1\r\nb\r\n${head}`,
      'long',
      `\r\n$1\r\nc\r\n${head}`,
      'long',
      `\r\n${SET}`,
    ],
  )
  t.equal(history.backlog?.nextOffset, history.offset + 1)
})

t.test("a replica passes on its master's bytes and adds none", async (t) => {
  const { history, stream, sent } = streamOf()
  history.keepBacklog(1000)
  stream.isSource = false
  stream.feed(0, ['SET', 'k', 'v'])
  stream.ping()
  stream.flush()
  t.strictSame(sent(), [])
  history.offset += 3
  stream.forward(Buffer.from('a\xffb', 'latin1'))
  t.strictSame(sent(), ['a\xffb'])
  t.equal(history.backlog?.from(1), 'a\xffb')
})
