/** Connections to several servers at once: each is heard by its number, and forgotten when it has ended. */
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { closeServer, listen } from '../../lib/runtime/listen.ts'
import { PeerConnections } from '../../lib/runtime/peer-connections.ts'
import { faultStage } from '../support/fault-stage.ts'
import { waitFor } from '../support/wait.ts'

/** A server that answers each chunk with itself in capitals, and connections to it that write down what they hear. */
async function stage(t: Test) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => socket.write(chunk.toString('latin1').toUpperCase(), 'latin1'))
    sockets.push(socket)
  })
  await listen(server, '127.0.0.1', 0)
  const { port } = server.address() as AddressInfo
  const heard: string[] = []
  const { scope } = faultStage()
  const peers = new PeerConnections(
    {
      connected: (peer, localPort) => heard.push(`${peer} connected ${localPort > 0}`),
      data: (peer, chunk) => heard.push(`${peer} data ${chunk.toString('latin1')}`),
      closed: (peer, wasFound) => {
        heard.push(`${peer} closed ${wasFound} ${peers.backlogBytes(peer) > 0}`)
      },
    },
    scope,
  )
  t.teardown(async () => {
    peers.stop()
    scope.stop()
    for (const socket of sockets) socket.destroy()
    await closeServer(server)
  })
  const hears = (...lines: string[]) =>
    waitFor(
      lines.join(' and '),
      () => heard,
      (all) => lines.every((line) => all.includes(line)),
    )
  return { peers, port, heard, hears, sockets }
}

t.test('each connection speaks for itself', async (t) => {
  const { peers, port, heard, hears } = await stage(t)
  peers.connect(1, '127.0.0.1', port)
  peers.connect(2, '127.0.0.1', port)
  await hears('1 connected true', '2 connected true')
  peers.send(2, 'two')
  await hears('2 data TWO')
  peers.send(1, 'one')
  await hears('1 data ONE')
  peers.close(1)
  peers.send(1, 'gone')
  peers.send(2, 'on')
  await hears('2 data ON')
  t.notOk(heard.includes('1 data GONE'))
  t.notOk(
    heard.some((line) => line.includes('closed')),
    'who closes one hears no more of it',
  )
})

t.test('the end is told with what was held back, then all is forgotten', async (t) => {
  const { peers, port, hears, sockets } = await stage(t)
  peers.connect(7, '127.0.0.1', port)
  await hears('7 connected true')
  for (const socket of sockets) socket.destroy()
  peers.send(7, 'x'.repeat(50_000_000))
  await hears('7 closed true true')
  t.equal(peers.backlogBytes(7), 0)
})

t.test('a host that nobody knows is told from one that refuses', async (t) => {
  const { peers, port, hears } = await stage(t)
  peers.connect(1, 'no-such-host.invalid', port)
  peers.connect(2, '127.0.0.1', 1)
  await hears('1 closed false false', '2 closed true false')
})

t.test('all end at once', async (t) => {
  const { peers, port, heard, hears, sockets } = await stage(t)
  peers.connect(1, '127.0.0.1', port)
  peers.connect(2, '127.0.0.1', port)
  await hears('1 connected true', '2 connected true')
  peers.stop()
  await waitFor(
    'both to have gone',
    () => sockets,
    (all) => all.length === 2 && all.every(({ destroyed }) => destroyed),
  )
  t.equal(heard.length, 2, 'and nothing is heard of it')
})
