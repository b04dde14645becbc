/** What is written arrives whole and in order, what waits is counted, and a connection that is gone swallows the rest. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { closeServer, listen } from '../../lib/runtime/listen.ts'
import { readIntoSharedBuffer } from '../../lib/runtime/reused-buffer.ts'
import { writerOf } from '../../lib/runtime/socket-writer.ts'
import { waitFor } from '../support/wait.ts'

const MEGABYTE = 1024 * 1024

/** Both ends of a connection; the client does not read until it is told to. */
async function connection(t: Test) {
  const server = createServer({ noDelay: true, pauseOnConnect: true })
  await listen(server, '127.0.0.1', 0)
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  const [accepted] = (await once(server, 'connection')) as [Socket]
  const socket = readIntoSharedBuffer(accepted, () => {})
  socket.on('error', () => {})
  client.on('error', () => {})
  t.teardown(async () => {
    client.destroy()
    socket.destroy()
    await closeServer(server)
  })
  let text = ''
  client.setEncoding('latin1').on('data', (piece) => {
    text += piece
  })
  client.pause()
  return { client, socket, writer: writerOf(socket), received: () => text }
}

function block(number: number): string {
  return String.fromCharCode(number % 256).repeat(MEGABYTE)
}

t.test('bytes of every kind arrive as they are', async (t) => {
  const { client, writer, received } = await connection(t)
  const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')
  writer.write(all)
  writer.write('and more')
  t.equal(writer.waitingBytes, 0)
  client.resume()
  await waitFor('all', received, (text) => text === `${all}and more`)
})

t.test(
  'what the kernel does not take waits, is counted exactly, and keeps its order',
  async (t) => {
    const { client, writer, received } = await connection(t)
    for (let i = 0; i < 40; i++) writer.write(block(i))
    writer.write('short')
    const waiting = writer.waitingBytes
    t.ok(waiting > 20 * MEGABYTE && waiting < 40 * MEGABYTE, `${waiting} bytes wait`)
    client.on('data', () => {
      if (received().length > 20 * MEGABYTE && writer.waitingBytes > 0) client.pause()
    })
    client.resume()
    const left = await waitFor(
      'a part to be taken',
      () => writer.waitingBytes,
      (bytes) => bytes < waiting - 10 * MEGABYTE,
    )
    t.ok(left > 0, 'not all of it')
    client.removeAllListeners('data').resume()
    let rest = received().length
    client.on('data', (piece: string) => {
      rest += piece.length
    })
    await waitFor(
      'all of it',
      () => rest,
      (length) => length === 40 * MEGABYTE + 5,
    )
    t.equal(writer.waitingBytes, 0)
  },
)

t.test('the order holds over writes that wait', async (t) => {
  const { client, writer, received } = await connection(t)
  const blocks = Array.from({ length: 12 }, (_, i) => block(i))
  for (const text of blocks) {
    writer.write(text)
    writer.write('|')
  }
  client.resume()
  await waitFor(
    'all of it',
    () => received().length,
    (length) => length === 12 * (MEGABYTE + 1),
  )
  t.ok(received() === blocks.map((text) => `${text}|`).join(''))
})

t.test('a socket that ends sends what waits first', async (t) => {
  const { client, socket, writer } = await connection(t)
  for (let i = 0; i < 20; i++) writer.write(block(i))
  socket.destroySoon()
  let length = 0
  client.on('data', (piece: string) => {
    length += piece.length
  })
  client.resume()
  await once(client, 'end')
  t.equal(length, 20 * MEGABYTE)
})

t.test('a connection that is gone takes what waits with it', async (t) => {
  const { client, socket, writer } = await connection(t)
  for (let i = 0; i < 20; i++) writer.write(block(i))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  client.resetAndDestroy()
  await closed
  t.equal(writer.waitingBytes, 0)
  writer.write('nobody reads this')
  t.equal(writer.waitingBytes, 0)
})

t.test('a socket that is destroyed while it waits says nothing more', async (t) => {
  const { client, socket, writer } = await connection(t)
  for (let i = 0; i < 20; i++) writer.write(block(i))
  socket.destroy()
  writer.write('too late')
  t.equal(writer.waitingBytes, 0)
  client.resume()
  await once(client, 'close')
})

t.test('without a handle the stream writes', async (t) => {
  const stream = new PassThrough({ highWaterMark: 4 })
  const writer = writerOf(stream as unknown as Socket)
  writer.write('ab')
  writer.write('\xff\0')
  // A stream may give what was written piece by piece.
  let text = ''
  for (let piece = stream.read(); piece !== null; piece = stream.read()) {
    text += piece.toString('latin1')
  }
  t.equal(text, 'ab\xff\0')
  t.equal(writer.waitingBytes, stream.writableLength)
})
