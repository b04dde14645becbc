import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import type { PathFault } from '../../lib/base/fault-matrix.ts'
import { Field } from '../../lib/base/shared-layout.ts'
import { closeServer, listen } from '../../lib/runtime/listen.ts'
import { PeerConnection } from '../../lib/runtime/peer-connection.ts'
import { CUT, faultStage, poor } from '../support/fault-stage.ts'
import { waitFor } from '../support/wait.ts'

/** A connection that writes down what it hears. */
function replica(t: Test) {
  const heard: string[] = []
  const { shared, scope } = faultStage()
  const listener = {
    connected: (localPort: number) => {
      heard.push('connected')
      shared.set(0, Field.replicationPort, localPort)
    },
    data: (chunk: Buffer) => heard.push(`data ${chunk.toString('latin1')}`),
    closed: (reason: string) => heard.push(`closed ${reason}`),
  }
  const connection = new PeerConnection(listener, scope)
  t.teardown(() => {
    connection.close()
    scope.stop()
  })
  /** Sets what is wrong between this node and the master at a port. */
  const befall = (port: number, fault: PathFault | undefined) => {
    shared.set(1, Field.port, port)
    shared.faults.write(0, 1, fault)
    shared.faults.write(1, 0, fault)
    scope.look()
    connection.look()
  }
  const hears = (what: string) =>
    waitFor(
      what,
      () => heard,
      (all) => all.includes(what),
    )
  return { heard, hears, connection, befall }
}

/** A master that accepts and does nothing by itself. */
async function master(t: Test) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    sockets.push(socket)
  })
  await listen(server, '127.0.0.1', 0)
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await closeServer(server)
  })
  const { port } = server.address() as AddressInfo
  const accepted = async (count: number) => {
    await waitFor(
      'a connection',
      () => sockets.length,
      (length) => length === count,
    )
    return sockets[count - 1] as Socket
  }
  return { server, port, accepted }
}

t.test('bytes go both ways as they are', async (t) => {
  const { port, accepted } = await master(t)
  const { heard, hears, connection } = replica(t)
  connection.connect('127.0.0.1', port)
  const socket = await accepted(1)
  await hears('connected')
  const sent = once(socket, 'data')
  connection.send('\x00\xff\r\n')
  t.equal((await sent)[0].toString('latin1'), '\x00\xff\r\n')
  socket.write(Buffer.from([0, 255]))
  await hears('data \x00\xff')
  socket.end()
  await hears('closed Connection reset by peer')
  t.equal(heard.length, 3)
  connection.send('nobody there')
})

t.test('the end at this side may have an address of its own', async (t) => {
  const { port, accepted } = await master(t)
  const { connection } = replica(t)
  connection.connect('127.0.0.1', port, '127.0.0.2')
  const { remoteAddress } = await accepted(1)
  t.equal(remoteAddress, '127.0.0.2')
})

t.test('a master that is not there', async (t) => {
  const { server, port } = await master(t)
  await closeServer(server)
  const { heard, hears, connection } = replica(t)
  connection.connect('127.0.0.1', port)
  await hears('closed Connection refused')
  t.same(heard, ['closed Connection refused'])
})

t.test('a master that resets the connection', async (t) => {
  const { port, accepted } = await master(t)
  const { heard, hears, connection } = replica(t)
  connection.connect('127.0.0.1', port)
  const socket = await accepted(1)
  await hears('connected')
  socket.resetAndDestroy()
  await waitFor(
    'the end',
    () => heard.at(-1),
    (last) => last?.startsWith('closed ') === true,
  )
  t.match(heard.at(-1), /reset|ECONNRESET/i)
})

t.test('after close nothing is heard', async (t) => {
  const { port, accepted } = await master(t)
  const { heard, hears, connection } = replica(t)
  connection.connect('127.0.0.1', port)
  const socket = await accepted(1)
  await hears('connected')
  const gone = new Promise((resolve) => socket.once('close', resolve))
  socket.write('too late')
  connection.close()
  await gone
  t.same(heard, ['connected'])
  connection.close()
  connection.send('x')
})

t.test('of two connections only the newer one is heard', async (t) => {
  const [old, other] = [await master(t), await master(t)]
  const { heard, hears, connection } = replica(t)
  connection.connect('127.0.0.1', old.port)
  connection.connect('127.0.0.1', other.port)
  const socket = await other.accepted(1)
  await hears('connected')
  socket.write('new')
  await hears('data new')
  t.same(heard, ['connected', 'data new'])
})

t.test('bytes count as waiting until the kernel has taken them', async (t) => {
  const { port, accepted } = await master(t)
  const { hears, connection } = replica(t)
  connection.connect('127.0.0.1', port)
  const socket = await accepted(1)
  socket.pause()
  await hears('connected')
  connection.send('x'.repeat(50_000_000))
  t.ok(connection.backlogBytes > 0)
  socket.resume()
  await waitFor(
    'all bytes to be taken',
    () => connection.backlogBytes,
    (bytes) => bytes === 0,
  )
})

t.test('under a cut nothing comes or goes, not even the end; then all of it', async (t) => {
  const { port, accepted } = await master(t)
  const { heard, hears, connection, befall } = replica(t)
  befall(port, CUT)
  connection.connect('127.0.0.1', port)
  connection.send('PING\r\n')
  const other = replica(t)
  other.connection.connect('127.0.0.1', port)
  await other.hears('connected')
  t.strictSame(heard, [], 'no connection is made')
  befall(port, undefined)
  await hears('connected')
  const socket = await accepted(2)
  t.equal(String((await once(socket, 'data'))[0]), 'PING\r\n')
  befall(port, CUT)
  connection.send('ACK')
  socket.write('lost?')
  socket.end('no')
  const third = replica(t)
  third.connection.connect('127.0.0.1', port)
  await third.hears('connected')
  t.strictSame(heard, ['connected'])
  const acknowledged = once(socket, 'data')
  befall(port, undefined)
  t.equal(String((await acknowledged)[0]), 'ACK')
  await hears('closed Connection reset by peer')
  t.equal(
    heard
      .filter((what) => what.startsWith('data'))
      .join('')
      .replaceAll('data ', ''),
    'lost?no',
  )
})

t.test('a master does not see its replica leave under a cut', async (t) => {
  const { port, accepted } = await master(t)
  const { hears, connection, befall } = replica(t)
  befall(port, undefined)
  connection.connect('127.0.0.1', port)
  await hears('connected')
  const socket = await accepted(1)
  befall(port, CUT)
  connection.close()
  const other = replica(t)
  other.connection.connect('127.0.0.1', port)
  await other.hears('connected')
  t.notOk(socket.readableEnded)
  const ended = once(socket, 'close')
  socket.resume()
  befall(port, undefined)
  await ended
})

t.test('what is lost on the way is sent again', async (t) => {
  const { port, accepted } = await master(t)
  const { heard, hears, connection, befall } = replica(t)
  befall(port, undefined)
  connection.connect('127.0.0.1', port)
  await hears('connected')
  const socket = await accepted(1)
  befall(port, poor({ dropProbability: 1 }))
  const begunMs = performance.now()
  socket.write('data')
  await hears('data data')
  t.ok(performance.now() - begunMs >= 190)
  t.strictSame(heard, ['connected', 'data data'])
})
