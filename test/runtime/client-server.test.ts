/** Real sockets to a node: when replies go out, order, ends of connections, slow readers. */
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { readSync } from 'node:fs'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import type { PathFault } from '../../lib/base/fault-matrix.ts'
import { Field } from '../../lib/base/shared-layout.ts'
import { ClientServer } from '../../lib/runtime/client-server.ts'
import { Turn, TurnClock } from '../../lib/runtime/turn.ts'
import { CUT, faultStage } from '../support/fault-stage.ts'
import { type HarnessOptions, NodeHarness } from '../support/node-harness.ts'
import { encodeRequest, type Reply, RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

/** A node on a port, its time virtual. */
async function served(t: Test, options: HarnessOptions = {}, onTurnEnd = () => {}) {
  const harness = new NodeHarness(options)
  const { io, node } = harness
  const { shared, scope } = faultStage()
  const server: ClientServer = new ClientServer(
    new Turn(new TurnClock(new Float64Array(1)), () => {
      node.settle()
      for (const session of node.takeUnflushed()) server.tell(session)
      onTurnEnd()
    }),
    scope.clients,
  )
  /** Sets what is wrong between clients and node, both ways. */
  const befall = (fault: PathFault | undefined) => {
    const { clients } = shared.faults
    shared.faults.write(0, clients, fault)
    shared.faults.write(clients, 0, fault)
    server.look()
  }
  io.flush = (session) => server.flush(session)
  io.close = (session) => {
    session.closing = 'now'
    server.flush(session)
  }
  await server.listen(['127.0.0.1'], 0)
  t.teardown(() => server.stop())
  const open = async () => {
    const client = await RespClient.connect(server.port)
    t.teardown(() => client.close())
    return client
  }
  return { harness, node, server, open, shared, befall }
}

/** A node that serves from the start. */
async function serving(t: Test, options: HarnessOptions = {}) {
  const all = await served(t, options)
  all.server.serve(all.node)
  return all
}

function text({ raw }: Reply): string {
  return raw
}

/** Says something on a connection of its own and hears so many bytes, or all until the server ends it. */
async function exchange(t: Test, port: number, asked: string, bytes: number): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write(asked, 'latin1')
  const chunks: Buffer[] = []
  let received = 0
  for await (const chunk of socket) {
    chunks.push(chunk)
    received += chunk.length
    if (received >= bytes) break
  }
  return Buffer.concat(chunks)
}

t.test('requests are answered', async (t) => {
  const { node, open } = await serving(t)
  const client = await open()
  t.equal(text(await client.command('SET', 'k', '\x00\xff\r\n')), '+OK\r\n')
  t.equal(text(await client.command('GET', 'k')), '$4\r\n\x00\xff\r\n\r\n')
  client.send('PING\r\n')
  t.equal(text(await client.read()), '+PONG\r\n')
  t.equal(node.clients.count, 1)
  const line = text(await client.command('CLIENT', 'INFO'))
  t.match(line, / addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:\d+ fd=8 /)
})

t.test('a pipeline is one write', async (t) => {
  const { node, open } = await serving(t)
  const client = await open()
  await client.command('SET', 'k', 'v')
  const before = node.stats.writesProcessed
  const replies = await client.pipeline(Array.from({ length: 100 }, () => ['GET', 'k']))
  t.equal(replies.length, 100)
  t.ok(replies.every(({ raw }) => raw === '$1\r\nv\r\n'))
  t.equal(node.stats.writesProcessed - before, 1)
})

t.test('what others cause goes out in the same turn', async (t) => {
  const { node, open } = await serving(t)
  const [client, replica] = [await open(), await open()]
  await client.command('SET', 'k', 'v')
  replica.send(encodeRequest(['REPLCONF', 'capa', 'eof']))
  t.equal(text(await replica.read()), '+OK\r\n')
  replica.send(encodeRequest(['PSYNC', '?', '-1']))
  t.match(text(await replica.read()), /^\+FULLRESYNC [0-9a-f]{40} 0\r\n$/)
  await waitFor(
    'the snapshot',
    () => replica.unread,
    (unread) => unread.length > 50,
  )
  t.equal(node.replication.machine.describeRole().role, 'master')
})

t.test('a value of 64 MB comes and goes in one piece', async (t) => {
  const { server } = await serving(t)
  const value = 'a megabyte\r\n\x00\xff'.padEnd(1024 * 1024, 'x').repeat(64)
  const asked = encodeRequest(['SET', 'big', value]) + encodeRequest(['GET', 'big'])
  const expected = Buffer.from(`+OK\r\n$67108864\r\n${value}\r\n`, 'latin1')
  const answer = await exchange(t, server.port, asked, expected.length)
  t.ok(answer.equals(expected), 'the very bytes')
})

t.test('who leaves in the midst of a request leaves nothing behind', async (t) => {
  const { node, open } = await serving(t)
  const [client, other] = [await open(), await open()]
  await client.command('WATCH', 'k')
  await client.command('MULTI')
  client.send('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\nhalf')
  await waitFor(
    'the half request',
    async () => text(await other.command('CLIENT', 'LIST')),
    (list) => list.includes(' qbuf=4 '),
  )
  await client.close()
  await waitFor(
    'the end',
    () => node.clients.count,
    (count) => count === 1,
  )
  t.equal(text(await other.command('EXISTS', 'k')), ':0\r\n')
})

t.test('a connection that is reset is only closed', async (t) => {
  const { node, server, open } = await serving(t)
  const other = await open()
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  await waitFor(
    'the session',
    () => node.clients.count,
    (count) => count === 2,
  )
  socket.resetAndDestroy()
  await waitFor(
    'the end',
    () => node.clients.count,
    (count) => count === 1,
  )
  t.equal(text(await other.command('PING')), '+PONG\r\n')
})

t.test('after QUIT comes its reply and then the end', async (t) => {
  const { node, open } = await serving(t)
  const client = await open()
  client.send('SET k 1\r\nQUIT\r\nSET k 2\r\n')
  t.equal(text(await client.read()), '+OK\r\n')
  t.equal(text(await client.read()), '+OK\r\n')
  await client.closed
  t.equal(client.unread, '')
  await waitFor(
    'the end',
    () => node.clients.count,
    (count) => count === 0,
  )
  t.equal(node.databases[0]?.peek('k'), '1')
})

t.test('the end goes out with the reply to QUIT', async (t) => {
  let atTurnEnd = () => {}
  const { node, server } = await served(t, {}, () => atTurnEnd())
  server.serve(node)
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  t.teardown(() => socket.destroy())
  // Nobody but this test reads it.
  socket.pause()
  await once(socket, 'connect')
  const { fd } = (socket as unknown as { readonly _handle: { readonly fd: number } })._handle
  const buffer = Buffer.alloc(16)
  const heard: string[] = []
  atTurnEnd = () => {
    if (heard.length > 0) return
    try {
      for (let length = -1; length !== 0; heard.push(buffer.toString('latin1', 0, length))) {
        length = readSync(fd, buffer)
      }
    } catch {
      // Nothing more has come.
    }
  }
  socket.write('QUIT\r\n')
  await waitFor(
    'the reply and the end',
    () => heard,
    ({ length }) => length > 0,
  )
  t.strictSame(heard, ['+OK\r\n', ''])
})

t.test('a long reply comes in full before the connection ends', async (t) => {
  const { node, server, open } = await serving(t)
  const client = await open()
  await client.command('SET', 'big', 'x'.repeat(20_000_000))
  const answer = await exchange(t, server.port, 'GET big\r\nQUIT\r\n', Number.POSITIVE_INFINITY)
  t.equal(answer.length, 20_000_018)
  t.equal(answer.toString('latin1', 20_000_011), '\r\n+OK\r\n')
  t.equal(node.stats.outputLimitDisconnections, 0)
})

t.test('a protocol error is told', async (t) => {
  const { open } = await serving(t)
  const client = await open()
  client.send('PING\r\n*1\r\n:3\r\n')
  t.equal(text(await client.read()), '+PONG\r\n')
  t.equal(text(await client.read()), "-ERR Protocol error: expected '$', got ':'\r\n")
  await client.closed
})

t.test('one client closes another', async (t) => {
  const { open } = await serving(t)
  const [client, other] = [await open(), await open()]
  const { value: id } = await other.command('CLIENT', 'ID')
  t.equal(text(await client.command('CLIENT', 'KILL', 'ID', String(id))), ':1\r\n')
  await other.closed
  t.equal(text(await client.command('CLIENT', 'KILL', 'ID', String(id))), ':0\r\n')
})

t.test('who connects too early waits and is served', async (t) => {
  const { node, server, open } = await served(t)
  const [client, gone] = [await open(), await open()]
  const answer = client.command('PING')
  await gone.close()
  const reset = connect(server.port, '127.0.0.1')
  await once(reset, 'connect')
  reset.resetAndDestroy()
  server.serve(node)
  t.equal(text(await answer), '+PONG\r\n')
  await waitFor(
    'the others to go',
    () => node.clients.count,
    (count) => count === 1,
  )
  t.equal(text(await (await open()).command('PING')), '+PONG\r\n')
})

t.test('above maxclients the refusal is heard', async (t) => {
  const { node, open } = await serving(t, { config: { maxclients: '1' } })
  const client = await open()
  await client.command('PING')
  const refused = await open()
  t.equal(text(await refused.read()), '-ERR max number of clients reached\r\n')
  await refused.closed
  await client.close()
  await waitFor(
    'the end',
    () => node.clients.count,
    (count) => count === 0,
  )
  t.equal(text(await (await open()).command('PING')), '+PONG\r\n')
})

/** Connects and asks for more than it ever reads; the kernel takes some megabytes at most. */
async function hoard(t: Test, port: number, bytes: number) {
  const socket = connect(port, '127.0.0.1').pause()
  t.teardown(() => socket.destroy())
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  await once(socket, 'connect')
  for (let asked = 0; asked < bytes; asked += 1_000_000) socket.write('GET big\r\n')
  return { socket, closed }
}

t.test('who does not read is closed over the hard limit, others are not', async (t) => {
  const { node, server, open } = await serving(t, {
    config: { 'client-output-buffer-limit': 'normal 20mb 0 0' },
  })
  const client = await open()
  await client.command('SET', 'big', 'x'.repeat(1_000_000))
  const { socket, closed } = await hoard(t, server.port, 100_000_000)
  await waitFor(
    'the limit',
    () => node.stats.outputLimitDisconnections,
    (count) => count === 1,
  )
  await waitFor(
    'the end',
    () => node.clients.count,
    (count) => count === 1,
  )
  socket.resume()
  await closed
  t.equal(text(await client.command('PING')), '+PONG\r\n')
})

t.test('who does not read is closed over the soft limit once its time is over', async (t) => {
  const { harness, node, server, open } = await serving(t, {
    config: { 'client-output-buffer-limit': 'normal 0 10mb 5' },
  })
  const client = await open()
  await client.command('SET', 'big', 'x'.repeat(1_000_000))
  await hoard(t, server.port, 30_000_000)
  await waitFor(
    'the output',
    () => [...node.clients.all()].at(-1)?.outputBytes ?? 0,
    (bytes) => bytes > 10_000_000,
  )
  harness.pass(4000)
  t.equal(node.clients.count, 2)
  harness.pass(3000)
  await waitFor(
    'the end',
    () => node.clients.count,
    (count) => count === 1,
  )
  t.equal(text(await client.command('PING')), '+PONG\r\n')
})

t.test(
  'who reads a part in time is under the soft limit again, though nothing more is written',
  async (t) => {
    const { harness, node, server, open } = await serving(t, {
      config: { 'client-output-buffer-limit': 'normal 0 10mb 5' },
    })
    const client = await open()
    await client.command('SET', 'big', 'x'.repeat(1_000_000))
    const { socket } = await hoard(t, server.port, 30_000_000)
    const waiting = () => [...node.clients.all()].at(-1)?.outputBytes ?? 0
    await waitFor('the output', waiting, (bytes) => bytes > 10_000_000)
    harness.pass(4000)
    let received = 0
    socket.on('data', (chunk) => {
      received += chunk.length
      if (received > 20_000_000) socket.pause()
    })
    socket.resume()
    const left = await waitFor('a part to be read', waiting, (bytes) => bytes < 10_000_000)
    t.ok(left > 0)
    harness.pass(7000)
    t.equal(node.clients.count, 2)
    t.equal(node.stats.outputLimitDisconnections, 0)
  },
)

t.test(
  'a reply over the hard limit is not sent at all, however quickly it would be read',
  async (t) => {
    const { node, server, open } = await serving(t, {
      config: { 'client-output-buffer-limit': 'normal 100000 0 0' },
    })
    const client = await open()
    await client.command('SET', 'big', 'x'.repeat(60_000))
    t.equal((await exchange(t, server.port, 'GET big\r\n', 60_010)).length, 60_010)
    t.equal((await exchange(t, server.port, 'GET big\r\nGET big\r\n', 120_020)).length, 0)
    t.equal(node.stats.outputLimitDisconnections, 1)
  },
)

t.test('who reads again in time gets everything', async (t) => {
  const { node, server, open } = await serving(t)
  const client = await open()
  await client.command('SET', 'big', 'x'.repeat(1_000_000))
  const { socket } = await hoard(t, server.port, 30_000_000)
  await waitFor(
    'the output',
    () => [...node.clients.all()].at(-1)?.outputBytes ?? 0,
    (bytes) => bytes > 10_000_000,
  )
  let received = 0
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  socket.resume()
  await waitFor(
    'all of it',
    () => received,
    (bytes) => bytes === 30 * 1_000_012,
  )
  await waitFor(
    'the drain',
    () => [...node.clients.all()].at(-1)?.outputBytes,
    (bytes) => bytes === 0,
  )
  t.equal(node.stats.outputLimitDisconnections, 0)
})

t.test('a stopped server leaves nobody connected, served or not', async (t) => {
  const { server, open } = await serving(t)
  const client = await open()
  await client.command('PING')
  const { port } = server
  await server.stop()
  await client.closed
  await t.rejects(RespClient.connect(port), { code: 'ECONNREFUSED' })
  const early = await served(t)
  const waiting = await early.open()
  await early.server.stop()
  await waiting.closed
})

t.test('a port the system picks leaves room for the bus', async (t) => {
  const { server } = await served(t)
  t.ok(server.port > 0 && server.port <= 55535)
})

t.test('while it is held nobody is read, whoever comes; then everybody in order', async (t) => {
  const { node, server, open } = await serving(t)
  const early = await open()
  t.equal(text(await early.command('PING')), '+PONG\r\n')
  server.hold()
  const late = await open()
  const answers = [
    early.command('APPEND', 'k', 'a'),
    early.command('APPEND', 'k', 'b'),
    late.command('ECHO', 'c'),
  ]
  // Another connection's round trip is time enough for the server to read what it would.
  const other = await serving(t)
  t.equal(text(await (await other.open()).command('PING')), '+PONG\r\n')
  t.equal(node.clients.count, 1)
  t.equal(node.databases[0]?.size, 0)
  server.release()
  t.strictSame((await Promise.all(answers)).map(text), [':1\r\n', ':2\r\n', '$1\r\nc\r\n'])
  t.equal(node.clients.count, 2)
})

t.test('who can be read is, before anybody is answered', async (t) => {
  const { server, open } = await serving(t)
  const [first, second] = [await open(), await open()]
  await first.command('PING')
  await second.command('PING')
  server.hold()
  const waiting = [first.command('ECHO', 'x'.repeat(100)), second.command('CLIENT', 'LIST')]
  const other = await serving(t)
  t.equal(text(await (await other.open()).command('PING')), '+PONG\r\n')
  server.release()
  const [, list] = (await Promise.all(waiting)).map(text)
  t.match(list, / obl=108 .* cmd=echo /, 'the reply of the first still waits')
})

t.test('CLIENT LIST tells of all that has come, in whatever order it is read', async (t) => {
  const { harness, server, open } = await serving(t)
  harness.io.afterReading = (action) => server.afterReading(action)
  const [lister, sender] = [await open(), await open()]
  await lister.command('PING')
  await sender.command('PING')
  /** Both have said something before anybody is read, and who asks is read first. */
  const listed = async (begin: () => Promise<Reply>[]) => {
    server.hold()
    sender.send('*1\r\n$100\r\nhalf of it')
    const replies = begin()
    const other = await serving(t)
    t.equal(text(await (await other.open()).command('PING')), '+PONG\r\n')
    server.release()
    return (await Promise.all(replies)).map(text)
  }
  const [list, pong] = await listed(() => [
    lister.command('CLIENT', 'LIST'),
    lister.command('PING'),
  ])
  t.match(list, /^id=4 .* qbuf=10 /m)
  t.match(list, /^id=3 .* flags=N .* qbuf=(26|40) .* cmd=client\|list /m, 'who asks does not wait')
  t.equal(pong, '+PONG\r\n')
  t.match(text(await lister.command('CLIENT', 'LIST', 'ID', 'x')), /^-ERR Invalid client ID/)
  t.match(
    text(await lister.command('INFO', 'commandstats')),
    /cmdstat_client\|list:calls=2,.*,failed_calls=1/,
  )

  await lister.command('MULTI')
  await lister.command('CLIENT', 'LIST')
  t.match(text(await lister.command('EXEC')), /^id=4 .* qbuf=10 /m)
})

/** The last commands of those who are answered from now on, in the order they are. */
function flushesOf(server: ClientServer): readonly string[] {
  const order: string[] = []
  const flush = server.flush.bind(server)
  server.flush = (session) => {
    order.push(session.lastCommand?.command.name ?? '')
    flush(session)
  }
  return order
}

t.test('who sends without rest keeps nobody waiting for long', async (t) => {
  const { harness, server, open } = await serving(t, { config: { 'enable-debug-command': 'yes' } })
  harness.io.sleep = (milliseconds) => {
    for (const end = performance.now() + milliseconds; performance.now() < end; );
  }
  const [flooding, other] = [await open(), await open()]
  await flooding.command('PING')
  await other.command('PING')
  const order = flushesOf(server)
  const flood = Array.from({ length: 300 }, () => [
    ['ECHO', 'x'.repeat(2000)],
    ['DEBUG', 'SLEEP', '0.001'],
  ]).flat()
  const replies = flooding.pipeline(flood)
  const pong = other.command('PING')
  t.equal(text(await pong), '+PONG\r\n')
  t.equal((await replies).length, flood.length)
  const readsBefore = order.indexOf('PING')
  t.ok(readsBefore >= 0 && readsBefore <= 2, order.join())
  t.ok(order.length > readsBefore + 4, 'most was read after that')
})

t.test('who makes a waiting client go on is answered no later', async (t) => {
  const { server, node, open } = await serving(t)
  const [pusher, popper, other] = [await open(), await open(), await open()]
  const popped = popper.command('BLPOP', 'list', '0')
  await waitFor(
    'the client to wait',
    () => node.blocked.any,
    (any) => any,
  )
  await other.command('PING')
  const order = flushesOf(server)
  const pushed = pusher.command('RPUSH', 'list', 'x')
  t.strictSame((await Promise.all([pushed, popped])).map(text), [
    ':1\r\n',
    '*2\r\n$4\r\nlist\r\n$1\r\nx\r\n',
  ])
  t.strictSame(order, ['RPUSH', 'BLPOP'])
})

t.test(
  'under a cut neither requests nor replies nor ends pass, and then all do in order',
  async (t) => {
    const { node, befall, open } = await serving(t)
    const client = await open()
    const killed = await open()
    const leaving = await open()
    await client.command('PING')
    const killedId = text(await killed.command('CLIENT', 'ID')).slice(1, -2)
    await leaving.command('PING')
    befall(CUT)
    const late = await open()
    const answers = [client.command('APPEND', 'k', 'a'), late.command('APPEND', 'k', 'b')]
    await leaving.close()
    const other = await serving(t)
    await (await other.open()).command('PING')
    await waitFor(
      'the late one',
      () => node.clients.count,
      (count) => count === 4,
    )
    t.equal(node.databases[0]?.size, 0)
    node.runForHost([['CLIENT', 'KILL', 'ID', killedId]], () => {})
    befall(undefined)
    t.strictSame((await Promise.all(answers)).map(text).sort(), [':1\r\n', ':2\r\n'])
    await killed.closed
    await waitFor(
      'the ends',
      () => node.clients.count,
      (count) => count === 2,
    )
  },
)

t.test('a node among the connections is not concerned', async (t) => {
  const { server, shared, befall } = await serving(t)
  const socket = connect(server.port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  befall(CUT)
  shared.set(1, Field.replicationPort, socket.localPort ?? 0)
  socket.write('PING\r\n')
  const [first] = await once(socket, 'data')
  t.equal(String(first), '+PONG\r\n')
  // One that connects under the cut says who it is only when it is connected.
  const second = connect(server.port, '127.0.0.1')
  t.teardown(() => second.destroy())
  await once(second, 'connect')
  shared.set(2, Field.replicationPort, second.localPort ?? 0)
  second.write('PING\r\n')
  t.equal(String((await once(second, 'data'))[0]), '+PONG\r\n')
})
