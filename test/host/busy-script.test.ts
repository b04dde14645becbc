/**
 * Scripts that never end, on real threads and sockets: other clients of the node hear that it is busy, the other nodes and this
 * thread do not notice, SCRIPT KILL ends them, and so does the end of the cluster.
 */
import t, { type Test } from 'tap'
import type { Cluster, ClusterNode } from '../../lib/host/handle.ts'
import { RespClient, RespError, type RespValue } from '../support/resp-client.ts'
import { ask, startForTest } from '../support/started-cluster.ts'

/** Where a script can be suspended, and places where it cannot. */
const LOOPS: Readonly<Record<string, string>> = {
  'a loop': 'while true do end',
  pcall: 'while true do pcall(function() while true do end end) end',
  'a metamethod': 'return setmetatable({}, { __index = function() while true do end end }).x',
  'an iterator': 'for x in function() while true do end end do end',
  'table.sort': 'table.sort({ 1, 2, 3 }, function() while true do end end)',
  'string.gsub': "return string.gsub('a', 'a', function() while true do end end)",
  'a coroutine': 'coroutine.wrap(function() while true do end end)()',
}

const BUSY =
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.'

async function connect(t: Test, node: ClusterNode): Promise<RespClient> {
  const client = await RespClient.connect(node.port, node.host)
  t.teardown(() => client.close())
  return client
}

async function send(client: RespClient, ...words: string[]): Promise<RespValue> {
  const { value } = await client.command(...words)
  return value instanceof RespError ? value.message : value
}

/** Asks over and over until the answer is this one. */
async function until(ask: () => Promise<RespValue>, expected: RespValue): Promise<RespValue> {
  const endsAt = Date.now() + 20_000
  let last: RespValue
  do last = await ask()
  while (last !== expected && Date.now() < endsAt)
  return last
}

function start(t: Test): Promise<Cluster> {
  return startForTest(t, { masters: 3, replicas: 0, config: { 'busy-reply-threshold': '100' } })
}

t.test('a script that never ends keeps nobody else from anything', async (t) => {
  const cluster = await start(t)
  const [busy, ...others] = cluster.nodes as [ClusterNode, ...ClusterNode[]]
  const looping = await connect(t, busy)
  const client = await connect(t, busy)
  for (const [place, source] of Object.entries(LOOPS)) {
    const ended = send(looping, 'EVAL', source, '0')
    t.equal(await until(() => send(client, 'PING'), BUSY), BUSY, place)
    for (const other of others) {
      t.equal(await ask(other, 'PING'), 'PONG')
      t.match(await ask(other, 'CLUSTER', 'INFO'), /cluster_state:ok/)
      t.notMatch(await ask(other, 'CLUSTER', 'NODES'), /fail/)
    }
    t.equal(await send(client, 'SCRIPT', 'KILL'), 'OK')
    t.match(await ended, /^ERR Script killed by user with SCRIPT KILL.../)
    t.not(await send(client, 'PING'), BUSY, 'and it serves again')
  }
})

for (const place of ['a loop', 'pcall']) {
  t.test(`the end of the cluster is the end of ${place} that never ends`, async (t) => {
    const cluster = await start(t)
    const [busy] = cluster.nodes as [ClusterNode]
    const looping = await connect(t, busy)
    const client = await connect(t, busy)
    const ended = send(looping, 'EVAL', LOOPS[place] as string, '0').catch(() => 'closed')
    t.equal(await until(() => send(client, 'PING'), BUSY), BUSY)
    await cluster.stop()
    t.match(await ended, /closed|killed/)
  })
}
