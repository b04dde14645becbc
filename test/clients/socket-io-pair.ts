/**
 * Two Socket.IO servers that know of each other by an adapter alone, each with one client, and what every adapter must do for
 * them. Invariant: all is closed with the test.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type ServerOptions } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import type { Test } from 'tap'
import { waitFor } from '../support/wait.ts'

/** Makes the adapter of one server. */
export type AdapterOf = () => Promise<ServerOptions['adapter']> | ServerOptions['adapter']

/** A server and its client. */
export interface Side {
  readonly server: Server
  readonly client: Socket
  /** All that the client has heard since both sides hear each other. */
  readonly heard: unknown[][]
}

/** Said until everybody hears it. */
const TRIAL_CALL = 'does anybody hear me'

/** Starts both sides and waits until each server sees both clients, and both clients hear it. */
export async function startPair(
  t: Test,
  adapterOf: AdapterOf,
  options: Partial<ServerOptions> = {},
): Promise<[Side, Side]> {
  const sides = [await startSide(t, adapterOf, options), await startSide(t, adapterOf, options)]
  for (const { server } of sides) {
    await waitFor(
      'a server to see both clients',
      () => server.fetchSockets(),
      (sockets) => sockets.length === sides.length,
    )
    await waitFor(
      'both clients to hear a server',
      () => {
        server.emit(TRIAL_CALL)
        return sides.map(({ heard }) => heard.length)
      },
      (counts) => !counts.includes(0),
    )
    for (const { heard } of sides) heard.length = 0
  }
  for (const { client, heard } of sides) {
    client.onAny((...said) => {
      if (said[0] === TRIAL_CALL) heard.pop()
    })
  }
  return sides as [Side, Side]
}

async function startSide(
  t: Test,
  adapterOf: AdapterOf,
  options: Partial<ServerOptions>,
): Promise<Side> {
  const adapter = await adapterOf()
  const http = createServer()
  const server = new Server(http, { ...options, ...(adapter === undefined ? {} : { adapter }) })
  t.teardown(() => server.close())
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const client = connect(t, http.address() as AddressInfo)
  const heard: unknown[][] = []
  client.onAny((...said) => heard.push(said))
  await once(client as never, 'connect')
  return { server, client, heard }
}

/** A client of a server, by WebSocket at once. */
function connect(t: Test, { port }: AddressInfo): Socket {
  const client = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    reconnectionDelay: 10,
    forceNew: true,
  })
  t.teardown(() => client.disconnect())
  return client
}

/** What two servers can do by any adapter. */
export async function tryPair(t: Test, adapterOf: AdapterOf): Promise<void> {
  const [one, two] = await startPair(t, adapterOf)

  await t.test('to everybody, bytes too', async (t) => {
    one.server.emit('news', 'hello', Buffer.from([0, 1, 254, 255]), { deep: ['ž', null, 1.5] })
    for (const { heard } of [one, two]) {
      await waitFor(
        'the news',
        () => heard,
        (heard) => heard.length === 1,
      )
      t.same(heard, [['news', 'hello', Buffer.from([0, 1, 254, 255]), { deep: ['ž', null, 1.5] }]])
      heard.length = 0
    }
  })

  await t.test('to a room on the other server', async (t) => {
    two.server.socketsJoin('kitchen')
    await waitFor(
      'both to be in it',
      () => one.server.in('kitchen').fetchSockets(),
      (sockets) => sockets.length === 2,
    )
    one.server.in(one.client.id ?? '').socketsLeave('kitchen')
    await waitFor(
      'one to have left',
      () => two.server.in('kitchen').fetchSockets(),
      (sockets) => sockets.length === 1,
    )
    await waitFor(
      'the room to hear',
      () => {
        one.server.to('kitchen').except('cellar').emit('dinner')
        return two.heard
      },
      (heard) => heard.length > 0,
    )
    t.same(one.heard, [])
    t.same(two.heard[0], ['dinner'])
  })

  await t.test('questions to all clients, and to the other server', async (t) => {
    for (const [index, { client }] of [one, two].entries()) {
      client.on('question', (number: number, answer: (value: number) => void) =>
        answer(number + index),
      )
    }
    const answers = await one.server.timeout(5_000).emitWithAck('question', 41)
    t.same(
      answers.sort((a: number, b: number) => a - b),
      [41, 42],
    )
    two.server.on('ping', (word: string, answer: (value: string) => void) => answer(`${word} pong`))
    t.same(await one.server.serverSideEmitWithAck('ping', 'ping'), ['ping pong'])
  })

  await t.test('sockets of the other server: their data, and their end', async (t) => {
    for (const socket of two.server.sockets.sockets.values()) socket.data = { name: 'Ada' }
    const [remote] = await one.server.in(two.client.id ?? '').fetchSockets()
    t.match(remote, { id: two.client.id, data: { name: 'Ada' } })
    const gone = once(two.client as never, 'disconnect')
    remote?.disconnect(true)
    t.same((await gone)[0], 'io server disconnect')
    await waitFor(
      'it to be gone',
      () => one.server.fetchSockets(),
      (sockets) => sockets.length === 1,
    )
  })
}
