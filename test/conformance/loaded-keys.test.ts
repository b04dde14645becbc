/**
 * A node that starts with keys in slots that its nodes.conf does not give it: it takes those of nobody and imports those of
 * others, as a redis-server does with the same files, and stays with it when it starts again.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startNodeProcess } from '../support/node-process.ts'
import { type RealRedis, startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'

t.setTimeout(300_000)

if (withoutRealRedis70 !== false) t.comment(`SKIPPED: ${withoutRealRedis70}`)
const skip = withoutRealRedis70

const MYSELF = 'a'.repeat(40)
const OTHER = 'b'.repeat(40)

/** Slots 866 and 3300 are ours, 12182 (foo) is the other's, 5061 (bar) and 15495 (a) are nobody's. */
const KEYS = ['foo', 'bar', 'hello', 'a', 'b']

const roles = {
  'a master': [
    `${MYSELF} 127.0.0.1:7000@17000 myself,master - 0 0 3 connected 0-5000 [93->-${OTHER}]`,
    `${OTHER} 127.0.0.1:1@10001 master - 0 0 2 connected 10000-15494`,
  ],
  'a master that imports already': [
    `${MYSELF} 127.0.0.1:7000@17000 myself,master - 0 0 3 connected 0-5000 [12182-<-${OTHER}]`,
    `${OTHER} 127.0.0.1:1@10001 master - 0 0 2 connected 10000-15494`,
  ],
  'a replica': [
    `${MYSELF} 127.0.0.1:7000@17000 myself,slave ${OTHER} 0 0 2 connected`,
    `${OTHER} 127.0.0.1:1@10001 master - 0 0 2 connected 10000-15494`,
  ],
  'a node of no cluster': [`${MYSELF} :0@0 myself,master - 0 0 0 connected`],
}

/** A directory with the keys, saved in both forms. */
async function savedKeys(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'loaded-keys-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  // Under `everysec` a write waits for an fsync that is under way: the copy would lack what comes after the first key.
  const args = ['--appendonly', 'yes', '--appendfsync', 'always']
  const server = await startRealRedis({ args })
  for (const key of KEYS) await server.command('SET', key, 'x')
  await server.command('SAVE')
  cpSync(server.directory, directory, { recursive: true })
  await server.stop()
  return directory
}

/** Everything that a node knows of the slots, and what it said about them, in order. */
async function knowledge(server: RealRedis, directory: string, loggedBefore: number) {
  const nodes = String((await server.command('CLUSTER', 'NODES')).value)
  const own = nodes.split('\n').find((line) => line.includes('myself'))
  const saved = readFileSync(join(directory, 'nodes.conf'), 'latin1')
  return {
    nodes: own?.replace(/^.*? myself/, 'myself'),
    saved: /myself.*/.exec(saved)?.[0],
    keys: (await server.command('DBSIZE')).value,
    log: server.log
      .slice(loggedBefore)
      .map((line) => line.replace(/^.*? [*#] /, ''))
      .filter((line) => /I have keys|Node configuration loaded|keys loaded|Ready/.test(line)),
  }
}

t.test('keys in slots of others', { skip }, async (t) => {
  const files = await savedKeys()
  for (const appendonly of ['no', 'yes']) {
    for (const [role, lines] of Object.entries(roles)) {
      const seen = []
      for (const start of [startRealRedis, startNodeProcess]) {
        const directory = mkdtempSync(join(tmpdir(), 'loaded-keys-'))
        t.teardown(() => rmSync(directory, { recursive: true, force: true }))
        cpSync(files, directory, { recursive: true })
        const conf = [...lines, 'vars currentEpoch 3 lastVoteEpoch 0', '']
        writeFileSync(join(directory, 'nodes.conf'), conf.join('\n'))
        const args = ['--dir', directory, '--appendonly', appendonly]
        const server = await start({ cluster: true, args })
        t.teardown(() => server.stop())
        const first = await knowledge(server, directory, 0)
        await server.kill()
        const logged = server.log.length
        await server.restart()
        seen.push({ first, again: await knowledge(server, directory, logged) })
        await server.kill()
      }
      const [real, ours] = seen
      t.same(ours, real, `${role}, appendonly ${appendonly}`)
      const told = real?.first.log.filter((line) => line.startsWith('I have keys')).length ?? 0
      t.equal(told > 0, role !== 'a replica', `${role} had something to tell`)
    }
  }
})
