import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import t from 'tap'
import type { HostMessage, NodeMessage } from '../../lib/control/message.ts'
import { packForHost, packForNode, unpackFromHost, unpackFromNode } from '../../lib/control/pack.ts'

const allBytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')

t.test('a message for a node comes out as it went in', async (t) => {
  const messages: HostMessage[] = [
    { type: 'form', clusterConfig: 'vars currentEpoch 0 lastVoteEpoch 0\n', isPlanned: true },
    { type: 'form', clusterConfig: undefined, isPlanned: false },
    { type: 'commands', request: 7, commands: [['SET', 'key', allBytes]] },
    { type: 'stop' },
  ]
  for (const message of messages) t.strictSame(unpackFromHost(packForNode(message)), message)
})

t.test('a message for the host comes out as it went in', async (t) => {
  const messages: NodeMessage[] = [
    { type: 'listening', port: 7000, busPort: 17000, threadId: 3 },
    { type: 'formed' },
    { type: 'result', request: 7, replies: [`$256\r\n${allBytes}\r\n`, ''] },
    { type: 'failed', code: 'ERR_PORT_TAKEN', text: 'port 7000 is in use' },
    { type: 'log', level: 'notice', timeMs: 1795213025000, text: 'Cluster state changed: ok' },
    { type: 'config', text: 'x'.repeat(100_000) },
    { type: 'stopped' },
  ]
  t.strictSame(unpackFromNode(packForHost(messages)), messages)
})

t.test('a frame owns its bytes: it can be transferred and the next one is whole', async (t) => {
  const { port1, port2 } = new MessageChannel()
  const frame = packForNode({ type: 'stop' })
  t.equal(frame.byteOffset, 0)
  t.equal(frame.buffer.byteLength, frame.byteLength)
  port1.postMessage(frame, [frame.buffer])
  t.equal(frame.byteLength, 0, 'it is gone here')
  t.strictSame(unpackFromHost(receiveMessageOnPort(port2)?.message), { type: 'stop' })
  t.strictSame(unpackFromHost(packForNode({ type: 'stop' })), { type: 'stop' })
  port1.close()
})
