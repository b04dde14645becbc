import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import type { PathFault } from '../../lib/base/fault-matrix.ts'
import { Random } from '../../lib/base/random.ts'
import { FaultyConnection } from '../../lib/runtime/faulty-connection.ts'
import { closeServer, listen } from '../../lib/runtime/listen.ts'
import { writerOf } from '../../lib/runtime/socket-writer.ts'
import { Wire } from '../../lib/runtime/wire.ts'
import { CUT } from '../support/fault-stage.ts'

/** A connection behind wires, its other end, and what is wrong between them. */
async function connected(t: Test) {
  const server = createServer()
  await listen(server, '127.0.0.1', 0)
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  t.teardown(async () => {
    client.destroy()
    socket.destroy()
    await closeServer(server)
  })
  const scene: { fault: PathFault | undefined } = { fault: CUT }
  const wire = () => new Wire(() => scene.fault, new Random(1))
  const connection = new FaultyConnection(socket, writerOf(socket), {
    toClient: wire(),
    fromClient: wire(),
  })
  const heal = () => {
    scene.fault = undefined
    connection.look()
  }
  return { client, socket, connection, heal }
}

t.test('what is said waits, counts as output, and comes before the end', async (t) => {
  const { client, socket, connection, heal } = await connected(t)
  let asked = 0
  connection.receive(() => asked++)
  connection.write('+OK\r\n')
  connection.destroySoon()
  t.equal(connection.waitingBytes, 5)
  t.notOk(socket.destroyed)
  t.equal(asked, 0)
  let said = ''
  client.on('data', (chunk) => {
    said += chunk
  })
  heal()
  t.equal(asked, 1)
  await once(client, 'end')
  t.equal(said, '+OK\r\n')
  t.equal(connection.waitingBytes, 0)
})

t.test('an end at once waits as well, and what waits can be forgotten', async (t) => {
  const { socket, connection, heal } = await connected(t)
  connection.destroy()
  t.notOk(socket.destroyed)
  heal()
  t.ok(socket.destroyed)
  const other = await connected(t)
  other.connection.write('never')
  other.connection.destroy()
  other.connection.abandon()
  other.heal()
  t.notOk(other.socket.destroyed)
})
