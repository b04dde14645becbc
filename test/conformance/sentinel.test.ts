/**
 * A real Sentinel watches servers of ours: it finds the replica by INFO, promotes it when the master dies, and makes a
 * replica of the old master when that is back. What it decided is in their redis.conf.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startNodeProcess } from '../support/node-process.ts'
import { freePort, type RealRedis, withoutRealRedis } from '../support/real-redis.ts'
import { RespClient } from '../support/resp-client.ts'
import { waitFor } from '../support/wait.ts'

const BINARY = process.env.REDIS_SERVER ?? 'redis-server'

async function startServer(t: Test, config: string): Promise<RealRedis> {
  const server = await startNodeProcess({ config: `bind 127.0.0.1\nsave ""\n${config}` })
  t.teardown(() => server.stop())
  return server
}

async function watch(t: Test, master: number): Promise<RespClient> {
  const port = await freePort(false)
  const directory = t.testdir()
  const path = join(directory, 'sentinel.conf')
  writeFileSync(
    path,
    `bind 127.0.0.1\nport ${port}\ndir ${directory}\nsentinel monitor ours 127.0.0.1 ${master} 1\nsentinel down-after-milliseconds ours 1000\n`,
  )
  const child = spawn(BINARY, [path, '--sentinel'], { stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  return waitFor('the sentinel to listen', () => RespClient.connect(port), Boolean)
}

/** By a connection of its own: a Sentinel closes all others when it changes a role. */
async function ask({ port }: RealRedis, ...argv: string[]): Promise<string> {
  const client = await RespClient.connect(port)
  try {
    return `${(await client.command(...argv)).value}`
  } finally {
    await client.close()
  }
}

async function hasRole(server: RealRedis, role: 'master' | 'slave'): Promise<void> {
  // A Sentinel gives an old master eight seconds to find out by itself.
  const has = (info: string) => info.includes(`role:${role}`)
  await waitFor(`role:${role}`, () => ask(server, 'INFO', 'replication'), has, 60_000)
}

t.test('a real Sentinel fails servers of ours over', { skip: withoutRealRedis }, async (t) => {
  const master = await startServer(t, '')
  const replica = await startServer(t, `replicaof 127.0.0.1 ${master.port}\n`)
  const sentinel = await watch(t, master.port)
  t.teardown(() => sentinel.close())
  const told = (text: string) =>
    waitFor(
      text,
      () => sentinel.command('INFO', 'sentinel'),
      ({ value }) => `${value}`.includes(text),
    )
  await told('slaves=1')
  await master.command('SET', 'key', 'value')
  await master.command('WAIT', '1', '0')
  await master.kill()
  await hasRole(replica, 'master')
  t.equal(await ask(replica, 'GET', 'key'), 'value')
  await told(`address=127.0.0.1:${replica.port}`)
  const directives = ({ directory }: RealRedis) =>
    readFileSync(join(directory, 'redis.conf'), 'latin1')
  t.notMatch(directives(replica), /^replicaof/m)

  await master.restart()
  await hasRole(master, 'slave')
  t.match(directives(master), `\nreplicaof 127.0.0.1 ${replica.port}\n`)
})
