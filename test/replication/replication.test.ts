import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'
import { ReplicationMachine } from '../../lib/replication/replication.ts'
import { MemoryNetwork, type MemoryNode } from '../support/memory-network.ts'
import { defaultSettings } from '../support/replicating-node.ts'

const IDLE = { kind: 'none' } as const

const HOST = '127.0.0.1'

/** A value of INFO replication. */
function info({ node }: MemoryNode, name: string): string | number | undefined {
  return node.machine.info(node.now).find(([field]) => field === name)?.[1]
}

function set({ node }: MemoryNode, key: string, value: string): void {
  node.execute(['SET', key, value])
}

function pair(settings = {}) {
  const network = new MemoryNetwork('pair')
  const master = network.add(settings)
  const replica = network.add(settings)
  return { network, master, replica }
}

function follow(network: MemoryNetwork, replica: MemoryNode, master: MemoryNode): void {
  replica.node.follow(HOST, master.port)
  network.settle()
}

t.test('a replica of a server by itself hears nothing before its time', async (t) => {
  const { network, master, replica } = pair({ greetsReplicas: false })
  follow(network, replica, master)
  t.equal(replica.node.machine.linkState, 'connected')
  t.equal(replica.node.machine.offset, 0)
  network.advance(11_000)
  t.equal(replica.node.machine.offset, 14, 'the first beat')
})

t.test('a replica gets the data, then the stream', async (t) => {
  const { network, master, replica } = pair()
  set(master, 'before', '1')
  master.node.execute(['HSET', 'h', 'f', 'v'])
  master.node.execute(['SET', 'timed', 'x', 'PXAT', '4000000000000'])
  set(replica, 'gone', 'soon')
  const idBefore = info(master, 'master_replid')
  t.equal(master.node.machine.offset, 0, 'nobody follows: nothing is counted')
  follow(network, replica, master)
  t.equal(replica.node.machine.linkState, 'connected')
  t.not(info(master, 'master_replid'), idBefore, 'the first replica begins a new history')
  t.equal(info(replica, 'master_replid'), info(master, 'master_replid'))
  t.strictSame(replica.node.contents(), master.node.contents())
  t.equal(master.node.machine.offset, 14, 'a ping makes the new replica visible')
  t.equal(replica.node.machine.offset, 14)

  set(master, 'after', '2')
  master.node.execute(['SELECT', '3'])
  set(master, 'elsewhere', '3')
  network.settle()
  t.strictSame(replica.node.contents(), master.node.contents())
  t.equal(replica.node.machine.offset, master.node.machine.offset)
  network.advance(1100)
  t.equal(
    info(master, 'slave0'),
    `ip=127.0.0.1,port=7001,state=online,offset=${master.node.machine.offset},lag=0`,
  )
  t.strictSame(master.node.machine.describeRole(), {
    role: 'master',
    offset: master.node.machine.offset,
    replicas: [{ ip: HOST, port: 7001, offset: master.node.machine.offset }],
  })
  t.strictSame(replica.node.machine.describeRole(), {
    role: 'slave',
    host: HOST,
    port: 7000,
    state: 'connected',
    offset: replica.node.machine.offset,
  })
})

t.test('the log of both is that of Redis', async (t) => {
  const { network, master, replica } = pair()
  const idBefore = info(master, 'master_replid')
  const ownId = info(replica, 'master_replid')
  follow(network, replica, master)
  const id = info(master, 'master_replid')
  const none = '0'.repeat(40)
  t.strictSame(master.node.log, [
    '* Replica 127.0.0.1:7001 asks for synchronization',
    `* Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '${ownId}', my replication IDs are '${idBefore}' and '${none}')`,
    `* Replication backlog created, my new replication IDs are '${id}' and '${none}'`,
    '* Starting BGSAVE for SYNC with target: replicas sockets',
    '* Streamed RDB transfer with replica 127.0.0.1:7001 succeeded (socket). Waiting for REPLCONF ACK from slave to enable streaming',
    '* Synchronization with replica 127.0.0.1:7001 succeeded',
  ])
  t.strictSame(replica.node.log, [
    '* Before turning into a replica, using my own master parameters to synthesize a cached master: I may be able to synchronize with the new master with just a partial transfer.',
    '* Connecting to MASTER 127.0.0.1:7000',
    '* MASTER <-> REPLICA sync started',
    '* Non blocking connect for SYNC fired the event.',
    '* Master replied to PING, replication can continue...',
    `* Trying a partial resynchronization (request ${ownId}:1).`,
    `* Full resync from master: ${id}:0`,
    '* MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to disk',
    '* Discarding previously cached master state.',
    '* MASTER <-> REPLICA sync: Flushing old data',
    '* MASTER <-> REPLICA sync: Loading DB in memory',
    '* MASTER <-> REPLICA sync: Finished with success',
  ])
})

t.test('a snapshot of known length is followed by the stream at once', async (t) => {
  const { network, master, replica } = pair({ disklessSync: false })
  set(master, 'a', '1')
  follow(network, replica, master)
  t.strictSame(replica.node.contents(), master.node.contents())
  t.equal(info(master, 'slave0'), 'ip=127.0.0.1,port=7001,state=online,offset=0,lag=0')
  set(master, 'b', '2')
  network.settle()
  t.strictSame(replica.node.contents(), master.node.contents())
  t.match(master.node.log, ['* Replica 127.0.0.1:7001 asks for synchronization'])
  t.ok(master.node.log.includes('* Starting BGSAVE for SYNC with target: disk'))
})

t.test('who was away goes on where it stopped', async (t) => {
  const { network, master, replica } = pair()
  follow(network, replica, master)
  network.cut(replica)
  set(master, 'meanwhile', '1')
  network.settle()
  t.strictSame(replica.node.contents(), master.node.contents())
  t.match(master.node.machine.stats, { full: 1, partialOk: 1, partialRefused: 1 })
  t.ok(replica.node.log.includes('* Reconnecting to MASTER 127.0.0.1:7000'))
  t.match(
    master.node.log.at(-1),
    /^\* Partial resynchronization request from 127.0.0.1:7001 accepted. Sending \d+ bytes of backlog starting from offset 15.$/,
  )
})

t.test('who was away too long gets everything anew', async (t) => {
  const { network, master, replica } = pair({ backlogSizeBytes: 100 })
  follow(network, replica, master)
  network.cut(replica)
  set(master, 'meanwhile', 'x'.repeat(200))
  network.settle()
  t.strictSame(replica.node.contents(), master.node.contents())
  t.match(master.node.machine.stats, { full: 2, partialOk: 0, partialRefused: 2 })
  t.ok(
    master.node.log.includes(
      '* Unable to partial resync with replica 127.0.0.1:7001 for lack of backlog (Replica request was: 15).',
    ),
  )
})

t.test('replicas of replicas get the same bytes', async (t) => {
  const { network, master, replica } = pair()
  follow(network, replica, master)
  const last = network.add()
  follow(network, last, replica)
  network.advance(1000)
  const [first = '', second = ''] = [network.sent.get(1), network.sent.get(2)]
  const [from, to] = [first.length, second.length]
  for (let i = 0; i < 50; i++) set(master, `key${i}`, 'v'.repeat(i * 50))
  network.advance(1000)
  t.strictSame(last.node.contents(), master.node.contents())
  const stream = network.sent.get(1)?.slice(from)
  t.ok(stream !== undefined && stream.length > 50_000)
  t.equal(network.sent.get(2)?.slice(to), stream)
  t.equal(info(last, 'master_repl_offset'), info(master, 'master_repl_offset'))
  t.equal(info(last, 'master_replid'), info(master, 'master_replid'))
})

t.test('a replica without its master refuses replicas', async (t) => {
  const network = new MemoryNetwork('orphan')
  const [orphan, replica] = [network.add(), network.add()]
  orphan.node.follow(HOST, 1)
  network.settle()
  follow(network, replica, orphan)
  t.equal(orphan.node.machine.linkState, 'connect')
  t.equal(
    replica.node.log.at(-1),
    "* Master is currently unable to PSYNC but should be in the future: -NOMASTERLINK Can't SYNC while not connected with my master",
  )
  t.equal(info(orphan, 'master_link_down_since_seconds'), -1, 'it never was up')
  t.ok(orphan.node.log.includes('# Error condition on socket for SYNC: Connection refused'))
})

t.test('a failover: everybody goes on', async (t) => {
  const { network, master, replica } = pair()
  const third = network.add()
  follow(network, replica, master)
  follow(network, third, master)
  set(master, 'a', '1')
  network.settle()
  const oldId = info(master, 'master_replid')
  const offset = master.node.machine.offset

  replica.node.promote()
  t.equal(info(replica, 'role'), 'master')
  t.not(info(replica, 'master_replid'), oldId)
  t.equal(info(replica, 'master_replid2'), oldId)
  t.equal(info(replica, 'second_repl_offset'), offset + 1)
  set(replica, 'b', '2')
  follow(network, third, replica)
  follow(network, master, replica)
  t.strictSame(master.node.contents(), replica.node.contents())
  t.strictSame(third.node.contents(), replica.node.contents())
  t.match(replica.node.machine.stats, { full: 0, partialOk: 2 })
  for (const node of [master, third]) {
    t.equal(info(node, 'master_replid'), info(replica, 'master_replid'))
    t.equal(info(node, 'master_replid2'), oldId)
    t.equal(info(node, 'master_repl_offset'), info(replica, 'master_repl_offset'))
  }
  t.strictSame(replica.node.log.slice(-8, -4), [
    '# Connection with master lost.',
    '* Caching the disconnected master state.',
    '* Discarding previously cached master state.',
    `# Setting secondary replication ID to ${oldId}, valid up to offset: ${offset + 1}. New replication ID is ${info(replica, 'master_replid')}`,
  ])
})

t.test('replicas of a promoted replica learn its new name', async (t) => {
  const { network, master, replica } = pair()
  const last = network.add()
  follow(network, replica, master)
  follow(network, last, replica)
  replica.node.promote()
  set(replica, 'a', '1')
  network.settle()
  t.equal(info(last, 'master_replid'), info(replica, 'master_replid'))
  t.equal(info(last, 'master_replid2'), info(master, 'master_replid'))
  t.strictSame(last.node.contents(), replica.node.contents())
  t.match(replica.node.machine.stats, { full: 1, partialOk: 1 })
})

t.test('an old master that went further gets everything anew', async (t) => {
  const { network, master, replica } = pair()
  follow(network, replica, master)
  network.takeOff(master)
  set(master, 'lost', '1')
  replica.node.promote()
  network.settle()
  network.putBack(master)
  follow(network, master, replica)
  t.strictSame(master.node.contents(), replica.node.contents())
  t.match(replica.node.machine.stats, { full: 1, partialOk: 0 })
})

t.test('silence', async (t) => {
  const { network, master, replica } = pair({ timeoutMs: 5000, pingPeriodMs: 2000 })
  follow(network, replica, master)
  network.advance(20_000)
  t.equal(info(master, 'connected_slaves'), 1, 'pings and acknowledgements keep both content')
  t.equal(replica.node.machine.linkState, 'connected')
  t.ok(master.node.machine.offset >= 14 * 9, 'pings are part of the stream')
  network.takeOff(master)
  network.advance(7000)
  t.equal(info(master, 'connected_slaves'), 0)
  t.ok(
    master.node.log.includes('# Disconnecting timedout replica (streaming sync): 127.0.0.1:7001'),
  )
  t.ok(replica.node.log.includes('# MASTER timeout: no data nor PING received...'))
  t.equal(info(replica, 'master_link_status'), 'down')
  network.putBack(master)
  network.advance(2000)
  t.equal(replica.node.machine.linkState, 'connected')
})

t.test('pings stop for a manual failover', async (t) => {
  const { network, master, replica } = pair({ pingPeriodMs: 1000 })
  follow(network, replica, master)
  network.advance(3000)
  master.node.machine.isPaused = true
  const { offset } = master.node.machine
  network.advance(5000)
  t.equal(master.node.machine.offset, offset)
  master.node.machine.isPaused = false
  network.advance(2000)
  t.ok(master.node.machine.offset > offset)
})

t.test('with a delay one snapshot serves several', async (t) => {
  const network = new MemoryNetwork('delay')
  const master = network.add({ disklessSyncDelayMs: 5000 })
  const [one, two] = [network.add(), network.add()]
  follow(network, one, master)
  t.equal(info(master, 'slave0'), 'ip=127.0.0.1,port=7001,state=wait_bgsave,offset=0,lag=0')
  set(master, 'a', '1')
  network.advance(3000)
  follow(network, two, master)
  network.advance(2000)
  t.strictSame(one.node.contents(), master.node.contents())
  t.strictSame(two.node.contents(), master.node.contents())
  const starts = master.node.log.filter((line) => line.startsWith('* Starting BGSAVE'))
  t.equal(starts.length, 1)
})

t.test('a backlog nobody wants is freed, and the history with it', async (t) => {
  const { network, master, replica } = pair({ backlogTtlMs: 10_000 })
  follow(network, replica, master)
  const id = info(master, 'master_replid')
  replica.node.promote()
  network.advance(9000)
  t.equal(info(master, 'repl_backlog_active'), 1)
  network.advance(3000)
  t.equal(info(master, 'repl_backlog_active'), 0)
  t.not(info(master, 'master_replid'), id)
  t.equal(
    master.node.log.at(-1),
    '* Replication backlog freed after 10 seconds without connected replicas.',
  )
  t.equal(master.node.machine.wakeAt, undefined, 'nothing is left to wait for')
})

t.test('data that cannot be loaded', async (t) => {
  const { network, master, replica } = pair()
  const { node } = replica
  // There are no modules here, so nobody can read their values.
  const fake = `REDIS0010\x07\x01m\x01\x01a\xff${'\0'.repeat(8)}`
  node.follow(HOST, master.port)
  network.cut(replica)
  node.step({ type: 'connected' })
  const answer = (text: string) => node.data(Buffer.from(text, 'latin1'))
  answer('+PONG\r\n')
  answer(`+OK\r\n+OK\r\n+FULLRESYNC ${'a'.repeat(40)} 5\r\n$${fake.length}\r\n${fake}`)
  t.equal(node.machine.linkState, 'connect')
  t.match(node.log.at(-1), /^# Failed trying to load the MASTER synchronization DB.*\(module-2\)/)
  network.advance(1500)
  t.equal(node.machine.linkState, 'connected', 'the next attempt succeeds')
})

t.test('an unused machine asks for nothing', async (t) => {
  const machine = new ReplicationMachine({
    settings: defaultSettings(),
    random: new Random(1),
    background: IDLE,
  })
  t.equal(machine.role, 'master')
  t.equal(machine.isFeeding, false)
  machine.feed(0, ['SET', 'a', '1'])
  t.equal(machine.offset, 0)
  t.equal(machine.wakeAt, undefined)
  t.strictSame(machine.step({ type: 'flush' }, 1), [])
  t.strictSame(machine.step({ type: 'replica-gone', client: 9 }, 1), [])
  machine.promote(1)
  t.strictSame(machine.takeEffects(), [])
  t.strictSame(machine.masterLink, { connected: false, sinceMs: 0 })
})

t.test('what a client may not ask', async (t) => {
  const settings = { ...defaultSettings(), clusterEnabled: false }
  const machine = new ReplicationMachine({ settings, random: new Random(1), background: IDLE })
  const peer = new ReplicaPeer(1, HOST)
  const sync = (words: string[], pending = false) => machine.synchronize(peer, words, pending, 1)
  t.throws(() => machine.configure(peer, ['capa'], 1), { message: 'ERR syntax error' })
  t.throws(() => machine.configure(peer, ['capa', 'eof', 'x', 'y'], 1), {
    message: 'ERR Unrecognized REPLCONF option: x',
  })
  t.equal(machine.configure(peer, [], 1), true)
  t.equal(machine.configure(peer, ['ACK', '5'], 1), false, 'an acknowledgement has no answer')
  t.equal(machine.configure(peer, ['GETACK', '*'], 1), false)
  t.throws(() => sync(['?', '-1'], true), {
    message: 'ERR SYNC and PSYNC are invalid with pending output',
  })
  t.throws(() => sync(['?', 'x']), { message: 'ERR value is not an integer or out of range' })
  t.throws(() => sync(['?', '1', 'FAILOVER']), {
    message: "ERR PSYNC FAILOVER can't be sent to a master.",
  })
  t.equal(peer.state, 'none')
  machine.takeEffects()
  sync(['?', '-1'])
  t.equal(peer.state, 'wait_bgsave_end')
  machine.takeEffects()
  sync(['?', '-1'])
  t.strictSame(machine.takeEffects(), [], 'a replica stays what it is')
})

t.test('a master may hand over', async (t) => {
  const { network, master, replica } = pair({ clusterEnabled: false })
  follow(network, replica, master)
  const id = String(info(replica, 'master_replid'))
  const peer = new ReplicaPeer(99, HOST)
  const { machine } = replica.node
  t.throws(() => machine.synchronize(peer, ['x', '1', 'failover'], false, 1), {
    message: 'ERR PSYNC FAILOVER replid must match my replid.',
  })
  machine.synchronize(peer, [id, String(machine.offset + 1), 'failover'], false, network.now)
  t.equal(machine.role, 'master')
  t.equal(peer.state, 'online')

  const clustered = pair()
  follow(clustered.network, clustered.replica, clustered.master)
  t.throws(
    () =>
      clustered.replica.node.machine.synchronize(
        new ReplicaPeer(98, HOST),
        [id, '1', 'failover'],
        false,
        1,
      ),
    /FAILOVER not allowed in cluster mode/,
  )
})

t.test('a transaction counts when it has run, a stray line end counts', async (t) => {
  const { network, master, replica } = pair()
  follow(network, replica, master)
  const { node } = replica
  const { offset } = node.machine
  const give = (text: string) => node.data(Buffer.from(text, 'latin1'))
  give('*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n')
  t.equal(node.machine.offset, offset)
  t.equal(info(replica, 'slave_read_repl_offset'), offset + 15 + 27)
  give('*1\r\n$4\r\nEXEC\r\n')
  t.equal(node.machine.offset, offset + 15 + 27 + 14)
  give('\n*1\r\n$4\r\nping\r\n')
  t.equal(node.machine.offset, offset + 15 + 27 + 14 + 1 + 14)
})

t.test('an acknowledgement asked for does not count the question', async (t) => {
  const { network, master, replica } = pair()
  follow(network, replica, master)
  const { offset } = replica.node.machine
  replica.node.data(Buffer.from('*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n'))
  network.settle()
  t.equal(replica.node.machine.offset, offset + 37)
  t.match(info(master, 'slave0'), `offset=${offset},`)
})

/** Random masters, cuts, silences and promotions; at the end all nodes are put in line and must agree. */
function simulate(seed: string): { readonly nodes: MemoryNode[]; readonly trace: string } {
  const random = new Random(seed)
  const network = new MemoryNetwork(seed)
  const nodes = Array.from({ length: 4 }, () =>
    network.add({
      backlogSizeBytes: 400 + random.below(4000),
      disklessSync: random.below(3) > 0,
      timeoutMs: 3000,
      pingPeriodMs: 1000,
    }),
  )
  const any = () => nodes[random.below(nodes.length)] as MemoryNode
  for (let step = 0; step < 120; step++) {
    const node = any()
    switch (random.below(10)) {
      case 0:
        node.node.promote()
        break
      case 1: {
        const master = any()
        if (master !== node) node.node.follow(HOST, master.port)
        break
      }
      case 2:
        network.cut(node)
        break
      case 3:
        network.takeOff(node)
        break
      case 4:
        network.putBack(node)
        break
      case 5:
        network.advance(random.below(3000))
        break
      default:
        // Only masters are written to: replicas refuse.
        if (node.node.machine.role === 'master') {
          for (let i = random.below(20); i > 0; i--) {
            const text = String(random.nextUint32()).repeat(random.below(30))
            if (random.below(4) === 0)
              node.node.execute(['HSET', `h${random.below(5)}`, text, text])
            else set(node, `k${random.below(20)}`, text)
          }
        }
    }
    if (random.below(2) === 0) network.settle()
  }
  for (const node of nodes) network.putBack(node)
  const [first, ...others] = nodes as [MemoryNode, ...MemoryNode[]]
  first.node.promote()
  let above = first
  for (const node of others) {
    node.node.follow(HOST, above.port)
    above = random.below(2) === 0 ? first : node
  }
  network.advance(11_000)
  set(first, 'the', 'end')
  network.advance(11_000)
  return { nodes, trace: [...network.sent.values()].join('') + nodes.map(({ node }) => node.log) }
}

t.test('however links break and roles change, in the end all agree', async (t) => {
  const first = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${first}`)
  let partial = 0
  for (let run = 0; run < 60; run++) {
    const seed = run === 0 ? first : `${first}.${run}`
    const { nodes } = simulate(seed)
    const expected = nodes[0]?.node.contents()
    for (const node of nodes) {
      partial += node.node.machine.stats.partialOk
      if (JSON.stringify(node.node.contents()) !== JSON.stringify(expected)) {
        t.fail(`node ${node.port} differs with SEED=${seed}`)
      }
      const isUp = node === nodes[0] || node.node.machine.linkState === 'connected'
      if (!isUp) t.fail(`the link of ${node.port} is not up with SEED=${seed}`)
    }
  }
  t.ok(partial > 30, `${partial} partial resynchronizations`)
})

t.test('one seed, one run', async (t) => {
  t.equal(simulate('same').trace, simulate('same').trace)
  t.not(simulate('same').trace, simulate('other').trace)
})
