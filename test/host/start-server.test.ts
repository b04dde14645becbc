import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { nodeThreads } from '../../lib/host/pool.ts'
import { type ServerHandle, startServer } from '../../lib/host/start-server.ts'
import { freePort } from '../support/real-redis.ts'
import { RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

// Threads do not keep a process alive.
const alive = setInterval(() => {}, 1000)
t.teardown(() => clearInterval(alive))

/** A server on a free port, without a log on our own output. */
async function start(t: Test, ...lines: string[]): Promise<[server: ServerHandle, port: number]> {
  const port = await freePort(true)
  // Nothing is to be left in the directory of whoever runs the tests.
  const all = [`port ${port}`, 'bind 127.0.0.1', 'logfile /dev/null', 'save ""', ...lines]
  const boot = { configText: all.join('\n'), configPath: '', workingDirectory: process.cwd() }
  const server = await startServer(boot, nodeThreads)
  t.teardown(async () => {
    server.signal('SIGTERM')
    await server.ended
  })
  return [server, port]
}

async function ask(port: number, ...argv: string[]): Promise<unknown> {
  const client = await RespClient.connect(port)
  const { value } = await client.command(...argv)
  await client.close()
  return value
}

t.test('it serves until a signal or a client ends it', async (t) => {
  for (const end of ['signal', 'client'] as const) {
    const [server, port] = await start(t, 'databases 3')
    const client = await RespClient.connect(port)
    t.equal((await client.command('SELECT', '2')).value, 'OK')
    t.equal((await client.command('SELECT', '3')).raw, '-ERR DB index is out of range\r\n')
    if (end === 'signal') server.signal('SIGTERM')
    else client.send('SHUTDOWN\r\n')
    t.equal(await server.ended, undefined)
    await client.close()
  }
})

t.test('it is the version of Redis that it is asked to be', async (t) => {
  const port = await freePort(true)
  const configText = `port ${port}\nbind 127.0.0.1\nlogfile /dev/null\nsave ""`
  const boot = { configText, configPath: '', workingDirectory: process.cwd() }
  const server = await startServer(boot, nodeThreads, '7.2')
  t.teardown(async () => {
    server.signal('SIGTERM')
    await server.ended
  })
  t.match(await ask(port, 'INFO', 'server'), /redis_version:7\.2\./)
  t.match(await ask(port, 'HTTL', 'h', 'FIELDS', '1', 'f'), { message: /unknown command/ })
})

t.test('servers of a cluster meet over their buses', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'start-server-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const [one, other] = (await Promise.all(
    ['one', 'other'].map(async (name) => {
      const lines = ['cluster-enabled yes', `dir ${directory}`, `cluster-config-file ${name}.conf`]
      const [, port] = await start(t, ...lines)
      return port
    }),
  )) as [number, number]
  t.equal(await ask(one, 'CLUSTER', 'MEET', '127.0.0.1', `${other}`), 'OK')
  for (const port of [one, other]) {
    await waitFor(
      'the other to be known',
      () => ask(port, 'CLUSTER', 'INFO'),
      (text) => String(text).includes('cluster_known_nodes:2'),
    )
  }
})

t.test('a server that replicates follows from the start', async (t) => {
  const [, master] = await start(t)
  const [, replica] = await start(t, `replicaof 127.0.0.1 ${master}`)
  await waitFor(
    'the link to the master',
    () => ask(replica, 'INFO', 'replication'),
    (text) => String(text).includes('master_link_status:up'),
  )
  t.match(await ask(replica, 'ROLE'), ['slave', '127.0.0.1', master, 'connected'])
})

t.test('what cannot start says why as redis-server does', async (t) => {
  const boot = (configText: string) =>
    startServer({ configText, configPath: '', workingDirectory: process.cwd() }, nodeThreads)
  await t.rejects(boot('port x'), {
    code: 'ERR_BAD_DIRECTIVE',
    message:
      "Reading the configuration file, at line 1\n>>> 'port x'\nargument couldn't be parsed into an integer",
  })
  const [, port] = await start(t)
  await t.rejects(boot(`port ${port}\nbind 127.0.0.1\nlogfile /dev/null`), {
    code: 'ERR_PORT_TAKEN',
  })
})

t.test(
  'CONFIG SET moves it to another port, and leaves it where it was if that is taken',
  async (t) => {
    const [, port] = await start(t)
    const [, taken] = await start(t)
    const free = await freePort(true)
    const client = await RespClient.connect(port)
    t.equal((await client.command('CONFIG', 'SET', 'port', `${free}`)).value, 'OK')
    t.equal((await client.command('PING')).value, 'PONG', 'connections go on')
    t.equal(await ask(free, 'PING'), 'PONG')
    await t.rejects(RespClient.connect(port), { code: 'ECONNREFUSED' })
    for (const [words, name] of [
      [['port', `${taken}`], 'port'],
      [['bind', '127.0.0.1 192.0.2.1'], 'bind'],
      [['port', `${taken}`, 'bind', '127.0.0.1 127.0.0.2'], 'bind'],
    ] as const) {
      const { raw } = await client.command('CONFIG', 'SET', ...words)
      t.match(raw, `(possibly related to argument '${name}')`)
      t.equal(await ask(free, 'PING'), 'PONG', words.join(' '))
    }
    t.equal((await client.command('CONFIG', 'SET', 'bind', '')).value, 'OK')
    await t.rejects(RespClient.connect(free), { code: 'ECONNREFUSED' })
    t.equal((await client.command('CONFIG', 'SET', 'bind', '127.0.0.1')).value, 'OK')
    t.equal(await ask(free, 'PING'), 'PONG')
    await client.close()
  },
)

t.test('one that listens nowhere can be told to by its socket in the file system', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'start-server-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'redis.sock')
  const [, port] = await start(t, 'bind ""', `unixsocket ${path}`)
  await t.rejects(RespClient.connect(port), { code: 'ECONNREFUSED' })
  const client = await RespClient.connectAt(path)
  t.equal((await client.command('CONFIG', 'SET', 'bind', '127.0.0.1')).value, 'OK')
  t.equal(await ask(port, 'PING'), 'PONG')
  await client.close()
})
