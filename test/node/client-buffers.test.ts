/** The buffers that a client of a Redis would have: seen beside 7.0.15 step by step. */
import t from 'tap'
import { QueryBuffer, ReplyBuffer, replyListBytes } from '../../lib/node/client-buffers.ts'
import { NodeHarness } from '../support/node-harness.ts'

t.test('what is not used of the buffers of a client goes', async (t) => {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes' } })
  const client = harness.connect()
  const shown = (...fields: string[]) =>
    fields.map((field) => Number(new RegExp(` ${field}=(\\d+)`).exec(client.describe())?.[1]))
  t.equal(shown('tot-mem')[0], 768 + 16_384 + 8, 'nothing was sent yet')
  harness.type(client, 'PING')
  t.same(shown('qbuf-free', 'rbs', 'rbp', 'tot-mem'), [20_474, 16_384, 16_384, 37_632])
  harness.pass(200)
  t.same(shown('qbuf-free', 'rbs', 'rbp', 'tot-mem'), [20_474, 1024, 0, 22_272])
  harness.pass(2500)
  t.same(shown('qbuf', 'qbuf-free', 'tot-mem'), [0, 0, 1800])
  harness.run(client, 'ECHO', 'x'.repeat(3000))
  t.same(shown('qbuf-free', 'rbs', 'rbp'), [20_474, 1024, 1024])
  harness.pass(100)
  t.same(shown('rbs', 'rbp'), [2048, 1024])
  harness.type(client, 'DEBUG REPLYBUFFER RESIZING 0')
  harness.pass(10_000)
  t.same(shown('rbs'), [2048], 'unless it is switched off')
  t.match(
    harness.type(client, 'INFO stats'),
    /reply_buffer_shrinks:1\r\nreply_buffer_expands:1\r\n/,
  )
})

t.test('room for what is sent', async (t) => {
  const query = new QueryBuffer()
  t.equal(query.memoryBytes, 8)
  query.grow(0, 65_536)
  t.equal(query.room, 20_474, 'it is read from while more comes')
  query.grow(10_000, 16_384)
  t.equal(query.room, 49_146, 'what waits and the next read')
  query.reserve(400_002)
  t.equal(query.room, 458_746)
  query.visit(3, 0, 0)
  t.equal(query.room, 458_746, 'as long as so much was needed lately')
  query.visit(3, 100_000, 0)
  t.equal(query.room, 114_682, 'the word that is on its way')
  query.visit(0, 0, 0)
  query.visit(0, 0, 2001)
  t.equal(query.room, 0)
  t.equal(query.mark, -1)
})

t.test('room for what is replied', async (t) => {
  const reply = new ReplyBuffer()
  const rules = { resizes: true, peakResetMs: 5000 as number | undefined }
  const counts = { replyBufferShrinks: 0, replyBufferExpands: 0 }
  const visit = (nowMs: number) => {
    reply.visit(0, nowMs, rules, counts)
    return [reply.room, reply.peak]
  }
  t.same(visit(10_000), [16_384, 0])
  reply.sent(3000)
  t.same(visit(11_000), [3072, 3000])
  t.same(visit(15_001), [3072, 0], 'after a while it is forgotten')
  t.same(visit(15_002), [1024, 0])
  reply.sent(10 ** 6)
  t.equal(reply.peak, 1024, 'what does not fit goes another way')
  t.same(visit(15_003), [2048, 1024])
  rules.peakResetMs = undefined
  t.same(visit(10 ** 6), [2048, 1024], 'or never')
  rules.resizes = false
  reply.sent(2048)
  t.same(visit(10 ** 6), [2048, 2048])
  t.same(counts, { replyBufferShrinks: 2, replyBufferExpands: 1 })
})

t.test('what does not fit the own buffer takes whole blocks', async (t) => {
  t.same(
    [0, 16_384, 16_385, 16_384 + 20_464, 16_384 + 20_464 + 1].map(replyListBytes),
    [0, 0, 20_504, 20_504, 41_008],
  )
  const harness = new NodeHarness({ config: { 'client-output-buffer-limit': 'normal 100000 0 0' } })
  const [writer, client] = [harness.connect(), harness.connect()]
  const fill = (keys: number) => {
    for (let i = 0; i < keys; i++) harness.run(writer, 'SET', `${'k'.repeat(96)}${1000 + i}`, '')
    harness.run(client, 'KEYS', '*')
    return client.closing
  }
  t.equal(fill(900), 'no', '97 kB, of which 81 take four blocks')
  t.equal(fill(960), 'now', '104 kB, of which 87 take five blocks')
})
