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

t.test('the bytes own their memory and can be transferred', async (t) => {
  const random = new Random('transfer')
  const messages = MESSAGE_TYPES.map((type) => randomMessage(random, type))
  const packed = messages.map(packMessage)
  const { port1, port2 } = new MessageChannel()
  for (const bytes of packed) {
    t.equal(bytes.byteOffset, 0)
    t.equal(bytes.buffer.byteLength, bytes.length)
    port1.postMessage(bytes, [bytes.buffer])
    t.equal(bytes.length, 0, 'it is gone here')
  }
  for (const message of messages) {
    const received = receiveMessageOnPort(port2)?.message as Uint8Array
    t.ok(isDeepStrictEqual(unpackMessage(received), message), message.type)
  }
  port1.close()
})

t.test('the form of no message is refused', async (t) => {
  const bytes = packMessage(randomMessage(new Random('type'), 'mfstart'))
  const at = bytes.indexOf(MESSAGE_TYPES.indexOf('mfstart'))
  bytes[at] = MESSAGE_TYPES.length
  t.throws(() => unpackMessage(bytes), {
    name: 'AssertionError',
    message: 'message type 11 exists',
  })
})
