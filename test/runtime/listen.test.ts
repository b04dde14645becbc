import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import t from 'tap'
import { closeServer, listen } from '../../lib/runtime/listen.ts'

t.test('a server listens where it is told, and then no more', async (t) => {
  const server = createServer((socket) => socket.destroy())
  await listen(server, '127.0.0.1', 0)
  const { address, port } = server.address() as AddressInfo
  t.equal(address, '127.0.0.1')
  const client = connect(port, '127.0.0.1')
  await once(client, 'connect')
  client.destroy()
  await closeServer(server)
  const refused = connect(port, '127.0.0.1')
  const [error] = await once(refused, 'error')
  t.equal(error.code, 'ECONNREFUSED')
  await listen(server, '127.0.0.1', port)
  t.equal((server.address() as AddressInfo).port, port, 'the port is free again')
  await closeServer(server)
})

t.test('without an address it listens on all', async () => {
  const server = createServer((socket) => socket.destroy())
  await listen(server, '', 0)
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(client, 'connect')
  client.destroy()
  await closeServer(server)
})

t.test('a taken port is refused with the reason, and nothing is left of the attempt', async (t) => {
  const [first, second] = [createServer(), createServer()]
  await listen(first, '127.0.0.1', 0)
  const { port } = first.address() as AddressInfo
  await t.rejects(listen(second, '127.0.0.1', port), { code: 'EADDRINUSE', port })
  t.equal(second.listenerCount('error'), 0)
  t.equal(second.listening, false)
  await closeServer(second)
  await listen(second, '127.0.0.1', 0)
  t.equal(second.listenerCount('error'), 0)
  await Promise.all([closeServer(first), closeServer(second)])
})
