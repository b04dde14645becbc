/**
 * A cluster across two hosts, as far as the kernel can tell: two network namespaces joined by a cable, nodes in processes of
 * their own started from a redis.conf. On one host they listen at the address they announce; on the other on its loopback
 * only, behind mapped ports (8001 and 18001 for 7001 and 17001), as in containers. Needs root and iproute2.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { type Host, HostPair, withoutNamespaces } from '../support/network-namespace.ts'
import { RespClient, RespError, type RespValue } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

t.setTimeout(300_000)

const skip = withoutNamespaces()
if (skip !== false) t.comment(`SKIPPED, no cluster across hosts is tested: ${skip}`)

const CLI = fileURLToPath(new URL('../../lib/cli.js', import.meta.url))

/** Carries what comes to an address and port on to a port of the loopback: address, then pairs of ports. */
const RELAY = `
const { connect, createServer } = require('node:net')
const [host, ...ports] = process.argv.slice(1)
for (let i = 0; i < ports.length; i += 2) {
  createServer((socket) => {
    const onward = connect(Number(ports[i + 1]), '127.0.0.1')
    for (const [one, other] of [[socket, onward], [onward, socket]]) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  }).listen(Number(ports[i]), host)
}`

interface Member {
  readonly id: Bytes
  readonly port: number
  readonly busPort: number
  readonly address: string
  say(...argv: Bytes[]): Promise<RespValue>
}

interface Place {
  readonly pair: HostPair
  readonly directory: string
}

/** A node on a host, from a redis.conf of its own. */
async function start(
  t: Test,
  { pair, directory }: Place,
  host: Host,
  { port, isMapped }: { readonly port: number; readonly isMapped: boolean },
): Promise<Member> {
  const announced = isMapped ? port + 1000 : port
  const home = join(directory, `${host.name}-${port}`)
  mkdirSync(home)
  const file = join(home, 'redis.conf')
  const socket = join(home, 'socket')
  const lines = [
    `port ${port}`,
    `bind ${isMapped ? '127.0.0.1' : host.address}`,
    'protected-mode no',
    'save ""',
    `dir ${home}`,
    `unixsocket ${socket}`,
    'cluster-enabled yes',
    'cluster-node-timeout 1500',
    `cluster-announce-ip ${host.address}`,
    ...(isMapped
      ? [`cluster-announce-port ${announced}`, `cluster-announce-bus-port ${announced + 10_000}`]
      : []),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child = pair.spawn(host, process.execPath, [CLI, 'node', file])
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log += chunk.toString('latin1')
    })
  }
  const client = await waitFor(
    `a node on ${host.name}`,
    async () => {
      if (child.exitCode !== null) return log
      return RespClient.connectAt(socket)
    },
    (answer) => answer instanceof RespClient,
  )
  if (!(client instanceof RespClient)) throw new Error(log)
  t.teardown(() => client.close())
  const say = async (...argv: Bytes[]) => (await client.command(...argv)).value
  return {
    id: String(await say('CLUSTER', 'MYID')),
    port: announced,
    busPort: announced + 10_000,
    address: host.address,
    say,
  }
}

t.test('two masters and their replicas, each on the other host', { skip }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'network-namespace-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const pair = new HostPair()
  t.teardown(() => pair.close())
  const { first: near, second: far } = pair
  const mapped = [8001, 7001, 18_001, 17_001, 8002, 7002, 18_002, 17_002].map(String)
  pair.spawn(far, process.execPath, ['-e', RELAY, far.address, ...mapped])
  const place = { pair, directory }
  const one = await start(t, place, near, { port: 7001, isMapped: false })
  const oneReplica = await start(t, place, far, { port: 7002, isMapped: true })
  const other = await start(t, place, far, { port: 7001, isMapped: true })
  const otherReplica = await start(t, place, near, { port: 7002, isMapped: false })
  const members = [one, oneReplica, other, otherReplica]

  await one.say('CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
  await other.say('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
  await other.say('CLUSTER', 'SET-CONFIG-EPOCH', '7')
  for (const { address, port, busPort } of members.slice(1)) {
    t.equal(await one.say('CLUSTER', 'MEET', address, `${port}`, `${busPort}`), 'OK')
  }
  const nodesOf = async (member: Member) => String(await member.say('CLUSTER', 'NODES'))
  const untilAllSee = async (what: string, isSeen: (nodes: string) => boolean) => {
    for (const member of members) await waitFor(what, () => nodesOf(member), isSeen)
  }
  await untilAllSee(
    'all to be met at their announced addresses',
    (nodes) =>
      !/handshake|disconnected/.test(nodes) &&
      members.every(({ id, address, port, busPort }) =>
        nodes.includes(`${id} ${address}:${port}@${busPort} `),
      ),
  )
  t.equal(await oneReplica.say('CLUSTER', 'REPLICATE', one.id), 'OK')
  t.equal(await otherReplica.say('CLUSTER', 'REPLICATE', other.id), 'OK')
  await untilAllSee('the replicas to be known', (nodes) =>
    [one, other].every(({ id }) => nodes.includes(`slave ${id} `)),
  )
  const untilState = (member: Member, state: string) =>
    waitFor(
      `cluster_state:${state}`,
      async () => String(await member.say('CLUSTER', 'INFO')),
      (info) => info.includes(`cluster_state:${state}`),
    )
  for (const member of members) await untilState(member, 'ok')

  for (const replica of [oneReplica, otherReplica]) await replica.say('READONLY')
  const arrives = (key: Bytes, value: Bytes, replica: Member) =>
    waitFor(
      `${key} on the other host`,
      () => replica.say('GET', key),
      (found) => found === value,
    )
  t.equal(await one.say('SET', 'bar', '1'), 'OK')
  t.equal(await other.say('SET', 'foo', '1'), 'OK')
  await arrives('bar', '1', oneReplica)
  await arrives('foo', '1', otherReplica)
  t.same(await one.say('GET', 'foo'), new RespError(`MOVED 12182 ${other.address}:8001`))
  t.same(await other.say('GET', 'bar'), new RespError(`MOVED 5061 ${one.address}:7001`))

  pair.plug(false)
  for (const member of [one, other]) await untilState(member, 'fail')
  t.match(await one.say('SET', 'bar', '2'), { message: /^CLUSTERDOWN/ })
  t.match(await nodesOf(one), `${other.address}:8001@18001 master,fail?`)

  pair.plug(true)
  for (const member of members) await untilState(member, 'ok')
  t.equal(await one.say('SET', 'bar', '3'), 'OK')
  t.equal(await other.say('SET', 'foo', '3'), 'OK')
  await arrives('bar', '3', oneReplica)
  await arrives('foo', '3', otherReplica)
})
