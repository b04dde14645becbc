import { isDeepStrictEqual } from 'node:util'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { decodeMessage } from '../../lib/bus/codec.ts'
import { type BusMessage, MESSAGE_TYPES } from '../../lib/bus/message.ts'
import { packMessage, unpackMessage } from '../../lib/bus/packed.ts'
import { captured } from './fixtures/captured.ts'
import { bytesOfNotation } from './fixtures/notation.ts'
import { randomMessage } from './random-message.ts'

t.test('random messages of every type come back equal', async (t) => {
  const seed = process.env.SEED ?? 'packed'
  const random = new Random(seed)
  for (const type of MESSAGE_TYPES) {
    for (let i = 0; i < 100; i++) {
      const message = randomMessage(random, type)
      const unpacked = unpackMessage(packMessage(message))
      if (!isDeepStrictEqual(unpacked, message)) {
        t.strictSame(unpacked, message, `SEED=${seed} ${type} ${i}`)
      }
    }
  }
  t.pass(`SEED=${seed}`)
})

t.test('what a real server sent comes back equal', async (t) => {
  for (const [name, notation] of Object.entries(captured)) {
    const bytes = bytesOfNotation(notation)
    const event = decodeMessage(bytes, 0, bytes.length)
    const message = event.kind === 'message' ? event.message : undefined
    t.strictSame(unpackMessage(packMessage(message as BusMessage)), message, name)
  }
})

t.test('the bytes cross a channel as they are', async (t) => {
  const random = new Random('channel')
  const messages = MESSAGE_TYPES.map((type) => randomMessage(random, type))
  const { port1, port2 } = new MessageChannel()
  for (const message of messages) port1.postMessage(packMessage(message))
  for (const message of messages) {
    const received: string = receiveMessageOnPort(port2)?.message
    t.ok(isDeepStrictEqual(unpackMessage(received), message), message.type)
  }
  port1.close()
})

t.test('what follows the bytes is not looked at', async (t) => {
  const message = randomMessage(new Random('tail'), 'update')
  const bytes = packMessage(message)
  t.strictSame(unpackMessage(`${bytes}tail`, bytes.length), message)
})

t.test('messages of any length, and what came before stays as it was', async (t) => {
  const { header } = randomMessage(new Random('length'), 'publish')
  const lengths = [0, 1, 16_000, 17_000, 1_000_000, 3]
  const messages = lengths.map((length, i): BusMessage => {
    const payload = String.fromCharCode(0xf0 + i).repeat(length)
    return { type: 'publish', header, channel: 'channel', payload }
  })
  const unpacked = messages.map((message) => unpackMessage(packMessage(message)))
  t.strictSame(unpacked, messages)
  const extension = (fill: number) => ({ payload: new Uint8Array(8).fill(fill), code: 77 })
  const withExtension = [1, 2].map((fill): BusMessage => {
    const extensions = [{ type: 'unknown' as const, ...extension(fill) }]
    return { type: 'ping', header, gossip: [], extensions }
  })
  t.strictSame(
    withExtension.map((message) => unpackMessage(packMessage(message))),
    withExtension,
  )
})

t.test('the form of no message is refused', async (t) => {
  const bytes = packMessage(randomMessage(new Random('type'), 'mfstart'))
  const code = (number: number) => String.fromCharCode(number)
  const unknown = bytes.replace(code(MESSAGE_TYPES.indexOf('mfstart')), code(MESSAGE_TYPES.length))
  t.throws(() => unpackMessage(unknown), {
    name: 'AssertionError',
    message: 'message type 11 exists',
  })
})
