import type { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { closeServer, listen } from '../../lib/runtime/listen.ts'
import { readIntoSharedBuffer, startReading, stopReading } from '../../lib/runtime/reused-buffer.ts'
import { waitFor } from '../support/wait.ts'

/** A server whose connections read into the shared buffer, and what each of them read; it may answer each piece. */
async function reading(t: Test, answer = '') {
  const texts: string[] = []
  const buffers = new Set<Buffer>()
  const sockets: Socket[] = []
  const server = createServer({ pauseOnConnect: true }, (accepted) => {
    const index = texts.push('') - 1
    const socket = readIntoSharedBuffer(accepted, (buffer, length) => {
      texts[index] += buffer.toString('latin1', 0, length)
      buffers.add(buffer)
      if (answer !== '') socket.write(answer)
    })
    socket.on('error', () => {})
    sockets.push(socket)
  })
  await listen(server, '127.0.0.1', 0)
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await closeServer(server)
  })
  const { port } = server.address() as AddressInfo
  const open = async () => {
    const client = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(client, 'connect')
    await waitFor(
      'the server to accept',
      () => sockets.length,
      (count) => count > 0,
    )
    t.teardown(() => client.destroy())
    return client
  }
  return { texts, buffers, sockets, server, open }
}

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  )
}

t.test('all connections read into one buffer, and nothing is lost', async (t) => {
  const { texts, buffers, open } = await reading(t)
  const first = await open()
  const second = await open()
  const long = 'abcdefgh'.repeat(100_000)
  first.write(`${long}end`)
  second.write('short')
  await waitFor(
    'all bytes',
    () => texts.map(({ length }) => length),
    ([one, other]) => one === 800_003 && other === 5,
  )
  t.equal(texts[0], `${long}end`)
  t.equal(texts[1], 'short')
  t.equal(buffers.size, 1)
})

t.test('what comes while a socket is stopped waits', async (t) => {
  const { texts, sockets, open } = await reading(t)
  const [stopped, other] = [await open(), await open()]
  await waitFor(
    'both',
    () => sockets.length,
    (count) => count === 2,
  )
  const [socket] = sockets as [Socket]
  stopReading(socket)
  stopped.write('first')
  other.write('second')
  await waitFor(
    'the other',
    () => texts[1],
    (text) => text === 'second',
  )
  t.equal(texts[0], '')
  startReading(socket)
  await waitFor(
    'the bytes',
    () => texts[0],
    (text) => text === 'first',
  )
  socket.destroy()
  stopReading(socket)
  startReading(socket)
})

t.test('what was sent before the connection was read is there', async (t) => {
  const { texts, sockets, server, open } = await reading(t)
  const client = await open()
  client.write('early')
  await waitFor(
    'the bytes',
    () => texts[0],
    (text) => text === 'early',
  )
  t.equal(await connections(server), 1)
  const [socket] = sockets as [Socket]
  t.equal(socket.remotePort, client.localPort)
  const answer = once(client, 'data')
  socket.write('answer')
  t.equal(String((await answer)[0]), 'answer')
})

t.test('the server still counts the connection, and hears of its end', async (t) => {
  const { sockets, server, open } = await reading(t)
  const client = await open()
  const [socket] = sockets as [Socket]
  const closed = once(socket, 'close')
  client.end()
  await closed
  await waitFor(
    'the count',
    () => connections(server),
    (count) => count === 0,
  )
  t.pass('closed by the client')
})

t.test('a client that says its last word is still answered', async (t) => {
  const { open } = await reading(t, 'answer')
  const client = await open()
  let heard = ''
  client.on('data', (chunk) => {
    heard += chunk
  })
  const closed = once(client, 'close')
  client.end('question')
  await closed
  t.equal(heard, 'answer')
})

t.test('a connection whose handle cannot be had is read in the ordinary way', async (t) => {
  const stream = new PassThrough()
  const texts: string[] = []
  const socket = readIntoSharedBuffer(stream as unknown as Socket, (buffer, length) => {
    texts.push(buffer.toString('latin1', 0, length))
  })
  t.equal(socket, stream as unknown as Socket)
  stream.pause()
  stream.resume()
  stream.write('abc')
  await waitFor(
    'the bytes',
    () => texts.join(''),
    (text) => text === 'abc',
  )
  t.equal(texts.length, 1)
})
