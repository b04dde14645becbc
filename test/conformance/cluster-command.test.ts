/** CLUSTER on a node that knows nobody: our replies and those of a real redis-server, byte by byte. */
import t from 'tap'
import type { ClientPort, ServerPort } from '../../lib/commands/context.ts'
import { setStage } from '../cluster/stage.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'

const STRANGER = 'f'.repeat(40)

/** In this order: what one command leaves is what the next one meets. */
const LINES = [
  'CLUSTER',
  'CLUSTER FOO',
  'CLUSTER foo bar',
  'CLUSTER NODES',
  'CLUSTER NODES x',
  'CLUSTER SLOTS',
  'CLUSTER SHARDS',
  'CLUSTER LINKS',
  'CLUSTER MYID',
  'CLUSTER KEYSLOT foo',
  'CLUSTER KEYSLOT {user1000}.following',
  'CLUSTER KEYSLOT ""',
  'CLUSTER ADDSLOTS 1 2 x',
  'CLUSTER ADDSLOTS 5 6 7 9',
  'CLUSTER ADDSLOTS 5 x',
  'CLUSTER ADDSLOTS 5',
  'CLUSTER ADDSLOTS 8 8 x',
  'CLUSTER ADDSLOTS 8 8',
  'CLUSTER ADDSLOTS 8 5 8',
  'CLUSTER ADDSLOTS 16384',
  'CLUSTER ADDSLOTS -1',
  'CLUSTER ADDSLOTS 1.5',
  'CLUSTER ADDSLOTS 01',
  'CLUSTER ADDSLOTSRANGE 1 2 3',
  'CLUSTER ADDSLOTSRANGE 1 6 x 9',
  'CLUSTER ADDSLOTSRANGE 19 18 x 9',
  'CLUSTER ADDSLOTSRANGE 20 22 22 23',
  'CLUSTER ADDSLOTSRANGE 20 22 24 x',
  'CLUSTER ADDSLOTSRANGE 20 22 16383 16383',
  'CLUSTER DELSLOTS 1 x',
  'CLUSTER DELSLOTS 1',
  'CLUSTER DELSLOTS 5 5',
  'CLUSTER DELSLOTS 9',
  'CLUSTER DELSLOTSRANGE 5 5 x 3',
  'CLUSTER DELSLOTSRANGE 20',
  'CLUSTER DELSLOTSRANGE 20 20',
  'CLUSTER NODES',
  'CLUSTER SLOTS',
  'CLUSTER SHARDS',
  'CLUSTER COUNTKEYSINSLOT x',
  'CLUSTER COUNTKEYSINSLOT -1',
  'CLUSTER COUNTKEYSINSLOT 16384',
  'CLUSTER COUNTKEYSINSLOT 9223372036854775807',
  'CLUSTER COUNTKEYSINSLOT 1',
  'CLUSTER GETKEYSINSLOT 1 -1',
  'CLUSTER GETKEYSINSLOT x 1',
  'CLUSTER GETKEYSINSLOT 1 x',
  'CLUSTER GETKEYSINSLOT 16384 1',
  'CLUSTER GETKEYSINSLOT 1 10',
  'CLUSTER SETSLOT 1',
  'CLUSTER SETSLOT x foo',
  'CLUSTER SETSLOT 5 foo',
  'CLUSTER SETSLOT 5 node',
  'CLUSTER SETSLOT 5 stable x',
  'CLUSTER SETSLOT 5 STABLE',
  'CLUSTER SETSLOT 5 migrating xx',
  `CLUSTER SETSLOT 5 migrating ${STRANGER}`,
  'CLUSTER SETSLOT 1 migrating xx',
  'CLUSTER SETSLOT 5 importing xx',
  'CLUSTER SETSLOT 1 importing xx',
  'CLUSTER SETSLOT 1 node xx',
  'CLUSTER SET-CONFIG-EPOCH -1',
  'CLUSTER SET-CONFIG-EPOCH -9223372036854775808',
  'CLUSTER SET-CONFIG-EPOCH x',
  'CLUSTER SET-CONFIG-EPOCH 0',
  'CLUSTER SET-CONFIG-EPOCH 7',
  'CLUSTER SET-CONFIG-EPOCH 8',
  'CLUSTER BUMPEPOCH',
  'CLUSTER BUMPEPOCH x',
  'CLUSTER FAILOVER',
  'CLUSTER FAILOVER foo',
  'CLUSTER FAILOVER TAKEOVER',
  'CLUSTER FAILOVER FORCE x',
  'CLUSTER RESET foo',
  'CLUSTER RESET hard x',
  'CLUSTER FORGET x',
  `CLUSTER FORGET ${STRANGER}`,
  'CLUSTER REPLICAS x',
  `CLUSTER SLAVES ${STRANGER}`,
  'CLUSTER REPLICATE x',
  'CLUSTER COUNT-FAILURE-REPORTS x',
  'CLUSTER HELP x',
  'CLUSTER MEET',
  'CLUSTER MEET 127.0.0.1',
  'CLUSTER meet 127.0.0.1 5 6 7',
  'CLUSTER MEET 1 2',
  'CLUSTER MEET localhost 7000',
  'CLUSTER MEET 127.0.0.1 x',
  'CLUSTER MEET 127.0.0.1 5 x',
  'CLUSTER MEET 127.0.0.1 0',
  'CLUSTER MEET 127.0.0.1 60000',
  'CLUSTER MEET 127.0.0.1 70000 5',
  'CLUSTER MEET 01.2.3.4 5',
  'CLUSTER MEET ::1::2 5',
  'CLUSTER MEET 127.0.0.1 99999999999999999999',
  'CLUSTER SAVECONFIG',
  'CLUSTER NODES',
  'CLUSTER FLUSHSLOTS',
  'CLUSTER SLOTS',
  'CLUSTER RESET',
  'CLUSTER NODES',
  'ASKING',
  'READONLY',
  'READWRITE',
  'ASKING x',
]

t.test('CLUSTER on a node alone', { skip: withoutRealRedis70 }, async (t) => {
  for (const protocol of [2, 3] as const) {
    const real: RealRedis = await startRealRedis({ cluster: true })
    t.teardown(() => real.stop())
    const client = await real.connect()
    if (protocol === 3) await client.command('HELLO', '3')
    const { machine } = setStage()
    const flags = { asking: false, readonlyMode: false } as unknown as ClientPort
    const server = { keepClusterConfig: () => undefined } as unknown as ServerPort
    const ports = { cluster: machine, client: flags, server }
    const runner = new CommandRunner({ protocol, ports })
    const realId = String((await client.command('CLUSTER', 'MYID')).value)
    for (const line of LINES) {
      const argv = line.split(' ').map((word) => (word === '""' ? '' : word))
      const theirs = (await client.command(...argv)).raw
        .replaceAll(realId, machine.myId)
        .replaceAll(`:${real.port}@${real.port + 10_000}`, ':7000@17000')
        .replaceAll(`:${real.port}\r\n`, ':7000\r\n')
      const ours = runner.execute(argv)
      machine.drain()
      // The address is one digit shorter here than theirs.
      t.equal(withoutLength(ours), withoutLength(theirs), `${line} (RESP${protocol})`)
    }
    const info = String((await client.command('CLUSTER', 'INFO')).value)
    t.same(fieldsOf(machine.describeInfo()), fieldsOf(info))
    await client.close()
  }
})

function withoutLength(reply: string): string {
  return /:7000@17000/.test(reply) ? reply.replace(/^[$=]\d+\r\n/, '') : reply
}

/** Names of CLUSTER INFO's fields, with the values that do not depend on how long the node has run. */
function fieldsOf(info: string): string[] {
  return info.split('\r\n').map((line) => line.replace(/^(cluster_size):\d+$/, '$1'))
}
