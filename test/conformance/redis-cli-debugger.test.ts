/**
 * A person who debugs a script with redis-cli: what is shown with our node is what is shown with a real server, and what is left
 * in the data is the same.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startNodeProcess } from '../support/node-process.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { redisCli, withoutRedisCli } from '../support/redis-cli.ts'

const withoutCli = withoutRealRedis70 || withoutRedisCli
if (withoutCli !== false) t.comment(`SKIPPED: ${withoutCli}`)

const SCRIPT = `local n = redis.call('incr', KEYS[1])
local list = {n, ARGV[1], {x = 'y'}}
pcall(function()
  redis.call('set', 'set', 1)
end)
redis.debug(list)
return list
`

const TYPED = [
  's',
  'p',
  'whole',
  'b 4',
  'nosuch',
  'e 1 + 1',
  'r get n',
  'c',
  'trace',
  'continue',
  'restart',
  'print KEYS',
  'step',
  'abort',
  'quit',
]

t.test('redis-cli --ldb', { skip: withoutCli }, async (t) => {
  const file = join(t.testdir(), 'script.lua')
  writeFileSync(file, SCRIPT)
  const real = await startRealRedis()
  t.teardown(() => real.stop())
  const ours = await startNodeProcess()
  t.teardown(() => ours.stop())
  for (const mode of ['--ldb', '--ldb-sync-mode']) {
    const shown: string[] = []
    for (const { port } of [real, ours]) {
      const args = ['-p', `${port}`, mode, '--eval', file, 'n', ',', 'an argument']
      const { output, errors } = await redisCli(args, { typed: TYPED })
      shown.push(output + errors)
    }
    t.equal(shown[1], shown[0], mode)
    t.match(shown[1], /<debug> line 6: \{1; "an argument"; \{\["x"\]="y"\}\}/)
    t.match(shown[1], /Stopped at 4, stop reason = break point.*script aborted for user request/s)
    for (const key of ['n', 'set']) {
      const [expected, left] = await Promise.all([
        real.command('GET', key),
        ours.command('GET', key),
      ])
      t.equal(left.raw, expected.raw, `${key} is left as it is`)
    }
  }
})
