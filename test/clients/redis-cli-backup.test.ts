/** `redis-cli --cluster call`, `set-timeout`, `backup` and `import`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readRdb } from '../../lib/rdb/reader.ts'
import { type CliCluster, cliTest, say } from '../support/cli-test.ts'
import { clusterVerb, fill } from '../support/cluster-layout.ts'
import { census, contentOf, writeSamples } from '../support/key-census.ts'
import { startRealRedis, withoutRealRedis } from '../support/real-redis.ts'
import { redisCli } from '../support/redis-cli.ts'

const config = { 'enable-debug-command': 'yes' }
const formed = { masters: 3, replicas: 0, buses: 'one', config } as const

cliTest(t, 'call, set-timeout, backup', formed, async (t, { nodes, addresses }: CliCluster) => {
  const before = await fill(nodes)
  const called = await clusterVerb('call', addresses[0], 'CONFIG', 'GET', 'cluster-node-timeout')
  t.equal([...called.matchAll(/cluster-node-timeout/g)].length, 4, 'the command and three answers')
  const set = await redisCli(['--cluster', 'set-timeout', addresses[0], '4321'])
  t.match(set.output, 'New node timeout set.')
  for (const node of nodes) {
    t.match(await say(node, 'CONFIG', 'GET', 'cluster-node-timeout'), '"4321"')
  }
  const directory = mkdtempSync(join(tmpdir(), 'cluster-backup-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  t.match(await clusterVerb('backup', addresses[0], directory), '[OK] Backup created into:')
  const files = readdirSync(directory)
  t.equal(files.filter((name) => name.endsWith('.rdb')).length, 3)
  t.ok(files.includes('nodes.json'))
  const keys = files
    .filter((name) => name.endsWith('.rdb'))
    .flatMap((name) => [...readRdb(readFileSync(join(directory, name)))])
    .flatMap((item) => (item.type === 'record' ? [item.record.key] : []))
  t.same(
    keys.sort(),
    before.map(([key]) => key),
  )
})

cliTest(t, 'import', formed, async (t, { nodes, addresses }: CliCluster) => {
  if (withoutRealRedis !== false) {
    t.comment(`SKIPPED: ${withoutRealRedis}`)
    return
  }
  const source = await startRealRedis()
  t.teardown(() => source.stop())
  const { port } = source
  await writeSamples([{ host: '127.0.0.1', port, busPort: 0 }], (type, i) => `${type}:${i}`, 5)
  const count = Number((await source.command('DBSIZE')).value)
  const from = ['--cluster-from', `127.0.0.1:${port}`]
  await clusterVerb('import', addresses[0], ...from, '--cluster-copy')
  t.equal(contentOf(await census(nodes)).length, count)
  t.equal((await source.command('DBSIZE')).value, count, 'copies')
  await clusterVerb('import', addresses[1] as string, ...from, '--cluster-replace')
  t.equal((await census(nodes)).size, count)
  t.equal((await source.command('DBSIZE')).value, 0, 'moved')
})
