/** A real node with its sockets and timers, in this thread: its life from boot to stop, and what it leaves behind. */
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { Field } from '../../lib/base/shared-layout.ts'
import type { NodeBoot } from '../../lib/control/message.ts'
import { HostedNode } from '../support/hosted-node.ts'
import { RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

const ID = '0'.repeat(40)
const LONE_MASTER = `${ID} 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-16383\nvars currentEpoch 1 lastVoteEpoch 0\n`

/** What keeps an event loop alive, but for the tests' own. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|MessagePort|Timeout|Immediate|FSReq/.test(name))
    .sort()
}

/** Nothing is alive that was not before. */
async function leavesNothing(t: Test, before: readonly string[]): Promise<void> {
  const count = (names: readonly string[], name: string) =>
    names.filter((other) => other === name).length
  const added = () => {
    const now = handles()
    return [...new Set(now)].filter((name) => count(now, name) > count(before, name))
  }
  t.same(await waitFor('all handles to close', added, (names) => names.length === 0), [])
}

async function open(t: Test, node: HostedNode): Promise<RespClient> {
  const client = await RespClient.connect(node.port)
  t.teardown(() => client.close())
  return client
}

async function raw(client: RespClient, ...argv: string[]): Promise<string> {
  return (await client.command(...argv)).raw
}

for (const bus of ['channel', 'tcp'] as const) {
  t.test(`boot, form, serve, stop; ${bus} bus`, async (t) => {
    const before = handles()
    const node = await HostedNode.boot(t, { bus })
    const listening = await node.says('listening')
    t.ok(listening.port > 0 && listening.port <= 55_535)
    if (bus === 'channel') t.equal(listening.busPort, listening.port + 10_000)
    t.equal(node.shared.get(0, Field.life), 2)
    t.equal(node.shared.get(0, Field.port), listening.port)
    t.equal(node.shared.get(0, Field.busPort), listening.busPort)

    await node.form(LONE_MASTER)
    t.equal(node.shared.get(0, Field.stateOk), 1)
    t.equal(node.shared.get(0, Field.slotsAssigned), 16_384)
    const client = await RespClient.connect(node.port)
    t.equal(await raw(client, 'SET', 'a', '1'), '+OK\r\n')
    t.equal(await node.command('GET', 'a'), '$1\r\n1\r\n')
    t.equal(await node.command('GET'), "-ERR wrong number of arguments for 'get' command\r\n")
    t.match(
      await raw(client, 'CLUSTER', 'NODES'),
      `${ID} 127.0.0.1:${node.port}@${listening.busPort} myself,master`,
    )
    t.match(
      await raw(client, 'CONFIG', 'GET', 'port'),
      `$${String(node.port).length}\r\n${node.port}\r\n`,
    )

    await node.stop()
    await client.closed
    t.equal(node.said.at(-1)?.type, 'stopped')
    t.equal(node.shared.get(0, Field.life), 3)
    await t.rejects(RespClient.connect(node.port), { code: 'ECONNREFUSED' })
    await leavesNothing(t, before)
  })
}

t.test('the thread takes another node afterwards, on the same port', async (t) => {
  const first = await HostedNode.boot(t)
  await first.form(LONE_MASTER)
  await first.command('SET', 'a', '1')
  await first.stop()
  const second = await HostedNode.boot(t, { port: first.port })
  t.equal(second.port, first.port)
  await second.form(LONE_MASTER)
  t.equal(await second.command('DBSIZE'), ':0\r\n', 'a new life')
})

t.test('who connects before the node is formed is served after', async (t) => {
  const node = await HostedNode.boot(t)
  const client = await open(t, node)
  const answers = client.pipeline([
    ['SET', 'a', '1'],
    ['GET', 'a'],
  ])
  t.equal(await node.command('PING'), '', 'not even the host is answered')
  await node.form(LONE_MASTER)
  t.same(
    (await answers).map(({ raw }) => raw),
    ['+OK\r\n', '$1\r\n1\r\n'],
  )
})

t.test('a taken port is told, and nothing is left', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const before = handles()
  const node = await HostedNode.boot(t, { port })
  t.same(node.said, [{ type: 'failed', code: 'ERR_PORT_TAKEN', text: `port ${port} is in use` }])
  await waitFor(
    'the end',
    () => node.isGone,
    (isGone) => isGone,
  )
  t.equal(node.shared.get(0, Field.life), 3)
  await leavesNothing(t, before)
  taken.close()
})

t.test('a node that cannot boot gives its channels back open', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const { port1: mine, port2: other } = new MessageChannel()
  const node = await HostedNode.boot(t, {
    port,
    bus: 'channel',
    peers: [{ index: 1, port: mine }],
  })
  t.equal(node.said[0]?.type, 'failed')
  t.equal(node.unused.length, 1)
  // The end of a channel whose other end is closed cannot be sent.
  const { port1: way, port2: end } = new MessageChannel()
  t.doesNotThrow(() => way.postMessage(other, [other]))
  for (const each of [...node.unused, way, end]) each.close()
})

t.test('a taken bus port is told, and the client port is free again', async (t) => {
  const free = await HostedNode.boot(t, { bus: 'tcp' })
  const { port } = free
  await free.stop()
  const taken = createServer().listen(port + 10_000, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const node = await HostedNode.boot(t, { port, bus: 'tcp' })
  t.same(node.said, [
    { type: 'failed', code: 'ERR_PORT_TAKEN', text: `bus port ${port + 10_000} is in use` },
  ])
  await t.rejects(RespClient.connect(port), { code: 'ECONNREFUSED' })
  const channel = await HostedNode.boot(t, { port, bus: 'channel' })
  t.equal(channel.port, port, 'a channel bus needs no port')
})

t.test('an address that is not ours is told', async (t) => {
  const before = handles()
  const node = await HostedNode.boot(t, { host: '192.0.2.1' })
  t.match(node.said, [{ type: 'failed', code: 'ERR_LISTEN', text: /EADDRNOTAVAIL/ }])
  await waitFor(
    'the end',
    () => node.isGone,
    (isGone) => isGone,
  )
  await leavesNothing(t, before)
})

t.test('a bad directive is told', async (t) => {
  const before = handles()
  const node = await HostedNode.boot(t, { directives: [['maxmemory-policy', 'nosuch']] })
  const { code, text } = await node.says('failed')
  t.equal(code, 'ERR_BAD_DIRECTIVE')
  t.match(text, 'maxmemory-policy')
  await waitFor(
    'the end',
    () => node.isGone,
    (isGone) => isGone,
  )
  await leavesNothing(t, before)
})

t.test('a node hangs up on its peers when it stops', async (t) => {
  const { port1: peer, port2 } = new MessageChannel()
  const closed = once(peer, 'close')
  const node = await HostedNode.boot(t, { bus: 'channel' })
  node.addPeer(1, port2)
  await node.form(LONE_MASTER)
  await node.stop()
  await closed
})

t.test('so it does on those it was booted with', async (t) => {
  const { port1, port2 } = new MessageChannel()
  const closed = once(port1, 'close')
  const node = await HostedNode.boot(t, { bus: 'channel', peers: [{ index: 1, port: port2 }] })
  await node.form(LONE_MASTER)
  await node.stop()
  await closed
  t.pass('the peer saw the end')
})

t.test('directives are obeyed', async (t) => {
  const node = await HostedNode.boot(t, {
    directives: [
      ['requirepass', 'secret'],
      ['maxmemory', '5mb'],
    ],
  })
  await node.form(LONE_MASTER)
  const client = await open(t, node)
  t.equal(await raw(client, 'PING'), '-NOAUTH Authentication required.\r\n')
  t.equal(await raw(client, 'AUTH', 'secret'), '+OK\r\n')
  t.match(await node.command('CONFIG', 'GET', 'maxmemory'), '$7\r\n5242880\r\n')
})

t.test('SHUTDOWN by a client ends the node', async (t) => {
  const before = handles()
  const node = await HostedNode.boot(t)
  await node.form(LONE_MASTER)
  const [client, other] = [await RespClient.connect(node.port), await RespClient.connect(node.port)]
  client.send('SHUTDOWN NOSAVE\r\n')
  await Promise.all([client.closed, other.closed])
  t.equal(client.unread, '')
  await waitFor(
    'the end',
    () => node.isGone,
    (isGone) => isGone,
  )
  const ends = ['shutdown', 'stopped']
  t.same(
    node.types().filter((type) => ends.includes(type)),
    ends,
  )
  t.equal(node.shared.get(0, Field.life), 3)
  await leavesNothing(t, before)
})

t.test('two words to stop are one stop', async (t) => {
  const node = await HostedNode.boot(t)
  await node.form(LONE_MASTER)
  node.tell({ type: 'stop' })
  node.tell({ type: 'stop' })
  await node.stop()
  t.equal(node.types().filter((type) => type === 'stopped').length, 1)
})

t.test('a node that was never formed stops, too', async (t) => {
  const before = handles()
  const node = await HostedNode.boot(t)
  const client = await RespClient.connect(node.port)
  await node.stop()
  await client.closed
  await leavesNothing(t, before)
})

t.test('without a directory the host keeps nodes.conf', async (t) => {
  const node = await HostedNode.boot(t)
  await node.form(LONE_MASTER)
  await node.command('CLUSTER', 'BUMPEPOCH')
  await node.command('CLUSTER', 'DELSLOTS', '0')
  const last = node.said.filter((message) => message.type === 'config').at(-1)
  t.match(last?.text, / myself,master - 0 0 \d+ connected 1-16383\n/)
  await node.stop()
  const again = await HostedNode.boot(t, { port: node.port })
  await again.form(last?.text)
  t.match(await again.command('CLUSTER', 'NODES'), / myself,master - 0 0 \d+ connected 1-16383\n/)
})

t.test('with a directory the node keeps it', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'node-runtime-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const directives = [['cluster-config-file', 'mine.conf']] as const
  const node = await HostedNode.boot(t, { directory, directives })
  await node.form(LONE_MASTER)
  await node.command('CLUSTER', 'DELSLOTS', '0')
  await node.stop()
  t.notOk(node.types().includes('config'))
  t.match(readFileSync(join(directory, 'mine.conf'), 'latin1'), / connected 1-16383\n/)
  const again = await HostedNode.boot(t, { directory, directives, port: node.port })
  await again.form()
  t.match(await again.command('CLUSTER', 'NODES'), `${ID} `)
  t.match(await again.command('CLUSTER', 'NODES'), / connected 1-16383\n/)
})

t.test('the name of its file may lead elsewhere', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'node-runtime-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const elsewhere = mkdtempSync(join(tmpdir(), 'node-runtime-'))
  t.teardown(() => rmSync(elsewhere, { recursive: true }))
  const path = join(elsewhere, 'mine.conf')
  const node = await HostedNode.boot(t, { directory, directives: [['cluster-config-file', path]] })
  await node.form(LONE_MASTER)
  await node.command('CLUSTER', 'DELSLOTS', '0')
  await node.stop()
  t.match(readFileSync(path, 'latin1'), / connected 1-16383\n/)
})

/** Files of a directory that this process has open. */
function openFiles(directory: string): string[] {
  return readdirSync('/proc/self/fd')
    .flatMap((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`)
      } catch {
        // That of the listing itself.
        return []
      }
    })
    .filter((path) => path.startsWith(directory))
}

t.test(
  'a node that stops while it loads leaves its file closed',
  { skip: existsSync('/proc/self/fd') ? false : 'no /proc/self/fd' },
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'node-runtime-'))
    t.teardown(() => rmSync(directory, { recursive: true }))
    const node = await HostedNode.boot(t, { directory })
    await node.form(LONE_MASTER)
    await node.command('MSET', '{t}a', '1', '{t}b', '2', '{t}c', '3')
    await node.command('SAVE')
    await node.stop()
    // A thousand seconds for each key.
    const directives = [['key-load-delay', '1000000000']] as const
    const again = await HostedNode.boot(t, { directory, directives })
    again.tell({ type: 'form', clusterConfig: undefined, isPlanned: false })
    const loads = (paths: string[]) => paths.some((path) => path.endsWith('dump.rdb'))
    await waitFor('the file to be opened', () => openFiles(directory), loads)
    await again.stop()
    t.same(openFiles(directory), [])
  },
)

t.test('a directory that is gone keeps no node from stopping', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'node-runtime-'))
  const node = await HostedNode.boot(t, { directory })
  await node.form(LONE_MASTER)
  rmSync(directory, { recursive: true })
  await node.stop()
  t.equal(node.said.at(-1)?.type, 'stopped')
})

t.test('a nodes.conf that makes no sense is told, and nothing is left', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'node-runtime-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'nodes.conf'), 'no such thing\n')
  const before = handles()
  const node = await HostedNode.boot(t, { directory })
  node.tell({ type: 'form', clusterConfig: undefined, isPlanned: false })
  const { code } = await node.says('failed')
  t.equal(code, 'ERR_BAD_DIRECTORY')
  await waitFor(
    'the end',
    () => node.isGone,
    (isGone) => isGone,
  )
  await leavesNothing(t, before)
})

t.test('the log goes to the host: notices always, less on demand', async (t) => {
  const levelsOf = async (boot: Partial<NodeBoot>) => {
    const node = await HostedNode.boot(t, boot)
    await node.form(LONE_MASTER)
    const lines = node.said.filter((message) => message.type === 'log')
    t.ok(lines.every(({ timeMs }) => timeMs > 1.7e12))
    t.match(
      lines.map(({ text }) => text),
      [
        /^Running mode=cluster, port=\d+\.$/,
        'Server initialized',
        `Node configuration loaded, I'm ${ID}`,
        'Cluster state changed: ok',
        'Ready to accept connections',
      ],
    )
    const client = await open(t, node)
    await raw(client, 'CLUSTER', 'MEET', '127.0.0.1', '1')
    await raw(client, 'SHUTDOWN', 'NOSAVE').catch(() => {})
    await node.says('shutdown')
    return new Set(node.said.flatMap((said) => (said.type === 'log' ? [said.level] : [])))
  }
  t.notOk((await levelsOf({ log: 'nothing' })).has('debug'))
  t.ok((await levelsOf({ log: 'debug' })).has('debug'))
  t.ok((await levelsOf({ directives: [['loglevel', 'debug']] })).has('debug'))
})

t.test(
  'what a planned node meets on its way is told at its first tick, if it does not arrive',
  async (t) => {
    const port = 1
    const master = `${'1'.repeat(40)} 127.0.0.1:${port}@${port + 1} master - 0 0 2 connected 0-16383`
    const self = `${ID} 127.0.0.1:0@0 myself,slave ${'1'.repeat(40)} 0 0 2 connected`
    const node = await HostedNode.boot(t, { bus: 'channel' })
    await node.form(`${master}\n${self}\nvars currentEpoch 2 lastVoteEpoch 0\n`, {
      isPlanned: true,
    })
    const refused = 'Error condition on socket for SYNC: Connection refused'
    await waitFor(
      'the refusal to be told',
      () => node.said.flatMap((said) => (said.type === 'log' ? [said.text] : [])),
      (texts) => texts.includes(refused),
    )
    await waitFor(
      'an announcement',
      () => node.shared.get(0, Field.version),
      (version) => version > 0,
    )
    t.equal(node.shared.get(0, Field.replicationUp), 0)
  },
)

t.test('logfile lies in the directory, and has what loglevel lets through', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'node-runtime-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const logfile: [string, string] = ['logfile', 'node.log']
  const node = await HostedNode.boot(t, { directory, directives: [logfile] })
  await node.form(LONE_MASTER)
  const client = await open(t, node)
  const read = () => readFileSync(join(directory, 'node.log'), 'latin1')
  t.match(read(), new RegExp(`^${process.pid}:M .* # Cluster state changed: ok$`, 'm'))
  t.equal(await raw(client, 'CONFIG', 'SET', 'loglevel', 'warning'), '+OK\r\n')
  const before = read()
  await raw(client, 'CLUSTER', 'RESET', 'HARD')
  t.match(read().slice(before.length), / # configEpoch set to 0 via CLUSTER RESET HARD\n/)
  t.notMatch(read().slice(before.length), / \* /)

  const memory = await HostedNode.boot(t, { directives: [logfile] })
  await memory.form(LONE_MASTER)
  t.notOk(existsSync('node.log'), 'a node without a directory touches no disk')
  const bad = await HostedNode.boot(t, { directives: [['logfile', `${directory}/no/such`]] })
  t.match(await bad.says('failed'), {
    code: 'ERR_BAD_DIRECTIVE',
    text: /^'logfile .*\/no\/such': Can't open the log file: No such file or directory$/,
  })
})

t.test('time moves by the shared offset', async (t) => {
  const node = await HostedNode.boot(t)
  await node.form(LONE_MASTER)
  const client = await open(t, node)
  await raw(client, 'SET', 'a', '1', 'EX', '100')
  node.shared.clock[0] = 101_000
  t.equal(await raw(client, 'GET', 'a'), '$-1\r\n')
  const { value } = await client.command('TIME')
  const seconds = Number((value as string[])[0])
  t.ok(Math.abs(seconds - (Date.now() + 101_000) / 1000) < 60)
})

t.test('time goes on while DEBUG SLEEP holds a turn up', async (t) => {
  const node = await HostedNode.boot(t, { directives: [['enable-debug-command', 'yes']] })
  await node.form(LONE_MASTER)
  const client = await open(t, node)
  client.send('SET k v PX 10\r\nDEBUG SLEEP 0.02\r\nGET k\r\n')
  const replies = [await client.read(), await client.read(), await client.read()]
  t.same(
    replies.map(({ raw }) => raw),
    ['+OK\r\n', '+OK\r\n', '$-1\r\n'],
  )
})

t.test('keys expire without being asked for', async (t) => {
  const node = await HostedNode.boot(t)
  await node.form(LONE_MASTER)
  await node.command('SET', 'a', '1', 'PX', '1')
  await waitFor(
    'the cron',
    () => node.command('DBSIZE'),
    (reply) => reply === ':0\r\n',
  )
  t.match(await node.command('INFO', 'stats'), 'expired_keys:1')
})
