/**
 * Nodes in processes of their own that are reached at other ports than those they listen on, and under host names: ours among
 * themselves and with a redis-server, as behind the mapped ports of a container. All go where they are told to go.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { startNodeProcess } from '../support/node-process.ts'
import {
  freePort,
  type RealRedis,
  startRealRedis,
  withoutRealRedis70,
} from '../support/real-redis.ts'
import { RespError, type RespValue } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

t.setTimeout(300_000)

const BUS_OFFSET = 10_000

/** Carries connections to a port on to another one. */
class MappedPort {
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(to: () => number) {
    this.#server = createServer((socket) => {
      this.connections++
      const onward = connect({ port: to(), host: '127.0.0.1' })
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(one)
        one.on('error', () => {})
        one.on('close', () => other.destroy())
        one.pipe(other)
      }
    })
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', () => resolve()))
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

interface Member {
  readonly server: RealRedis
  readonly id: Bytes
  readonly hostname: Bytes
  readonly port: number
  readonly busPort: number
  readonly client: MappedPort
  readonly bus: MappedPort
}

async function say({ server }: Member, ...argv: Bytes[]): Promise<RespValue> {
  return (await server.command(...argv)).value
}

async function start(t: Test, starter: typeof startRealRedis, hostname: Bytes): Promise<Member> {
  let own = 0
  const client = new MappedPort(() => own)
  const bus = new MappedPort(() => own + BUS_OFFSET)
  t.teardown(() => {
    client.close()
    bus.close()
  })
  const [port, busPort] = [await freePort(false), await freePort(false)]
  await client.listen(port)
  await bus.listen(busPort)
  const args = Object.entries({
    'cluster-node-timeout': '2000',
    'repl-diskless-sync-delay': '0',
    'cluster-announce-ip': '127.0.0.1',
    'cluster-announce-port': `${port}`,
    'cluster-announce-bus-port': `${busPort}`,
    'cluster-announce-hostname': hostname,
    'cluster-preferred-endpoint-type': 'hostname',
  }).flatMap(([name, value]) => [`--${name}`, value])
  const server = await starter({ cluster: true, args })
  t.teardown(() => server.stop())
  own = server.port
  const id = String((await server.command('CLUSTER', 'MYID')).value)
  return { server, id, hostname, port, busPort, client, bus }
}

const starters = { ours: startNodeProcess, real: startRealRedis } as const

for (const kinds of [
  ['ours', 'ours', 'ours'],
  ['ours', 'real', 'real'],
  ['real', 'ours', 'ours'],
] as const) {
  const skip = kinds.includes('real' as never) && withoutRealRedis70
  if (skip !== false) t.comment(`SKIPPED: ${skip}`)
  t.test(`behind mapped ports: ${kinds.join(', ')}`, { skip }, async (t) => {
    const members: Member[] = []
    for (const [i, kind] of kinds.entries()) {
      members.push(await start(t, starters[kind], `node-${i}.example`))
    }
    const [first, second, replica] = members as [Member, Member, Member]
    await say(first, 'CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
    await say(second, 'CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
    await say(second, 'CLUSTER', 'SET-CONFIG-EPOCH', '7')
    for (const { port, busPort } of [second, replica]) {
      await say(first, 'CLUSTER', 'MEET', '127.0.0.1', `${port}`, `${busPort}`)
    }
    const seeAll = (member: Member, isWhole: (nodes: string) => boolean) =>
      waitFor(
        `${member.hostname} to see all under their announced addresses`,
        async () => String(await say(member, 'CLUSTER', 'NODES')),
        (nodes) =>
          isWhole(nodes) &&
          members.every(({ id, port, busPort, hostname }) =>
            nodes.includes(`${id} 127.0.0.1:${port}@${busPort},${hostname} `),
          ),
      )
    for (const member of members) await seeAll(member, (nodes) => !/handshake|disconn/.test(nodes))
    t.equal(await say(replica, 'CLUSTER', 'REPLICATE', first.id), 'OK')
    for (const member of members) {
      await seeAll(member, (nodes) => nodes.includes(`slave ${first.id} `))
    }
    await waitFor(
      'the cluster to be well',
      async () => String(await say(first, 'CLUSTER', 'INFO')),
      (text) => text.includes('cluster_state:ok'),
    )

    await say(first, 'SET', 'bar', 'x')
    await waitFor(
      'the replica to have it, by way of the mapped port',
      async () => {
        const client = await replica.server.connect()
        await client.command('READONLY')
        const { value } = await client.command('GET', 'bar')
        await client.close()
        return value
      },
      (value) => value === 'x',
    )
    t.ok(first.client.connections >= 1, 'replication goes through the mapped client port')
    for (const { bus } of members) t.ok(bus.connections >= 1, 'and gossip through the bus ports')

    t.same(
      await say(first, 'SET', 'foo', 'x'),
      new RespError(`MOVED 12182 ${second.hostname}:${second.port}`),
      'clients are sent to host names and mapped ports',
    )
    const endpoint = ({ hostname, port, id }: Member) => [hostname, port, id, ['ip', '127.0.0.1']]
    const slots = await waitFor(
      'CLUSTER SLOTS to list the replica',
      async () => (await say(second, 'CLUSTER', 'SLOTS')) as RespValue[][],
      (ranges) => ranges.flat().length === 7,
    )
    t.same(slots, [
      [0, 8191, endpoint(first), endpoint(replica)],
      [8192, 16383, endpoint(second)],
    ])
    await say(first, 'CONFIG', 'SET', 'cluster-preferred-endpoint-type', 'unknown-endpoint')
    t.same(
      await say(first, 'SET', 'foo', 'x'),
      new RespError(`MOVED 12182 :${second.port}`),
      'or to the address they know',
    )
    await say(first, 'CONFIG', 'SET', 'cluster-preferred-endpoint-type', 'ip')
    t.same(
      await say(first, 'SET', 'foo', 'x'),
      new RespError(`MOVED 12182 127.0.0.1:${second.port}`),
    )
  })
}
