import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { parseReply } from '../support/resp-client.ts'

function scan(runner: CommandRunner, cursor: string, options = ''): [string, string[]] {
  return parseReply(runner.run(`SCAN ${cursor} ${options}`))?.value as [string, string[]]
}

function scanAll(runner: CommandRunner, options = ''): string[] {
  const found: string[] = []
  let cursor = '0'
  do {
    const [next, keys] = scan(runner, cursor, options)
    found.push(...keys)
    cursor = next
  } while (cursor !== '0')
  return found.toSorted()
}

t.test('an empty database, and what is refused', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SCAN 0', '*2|$1|0|*0|'],
    ['SCAN 99999', '*2|$1|0|*0|'],
    ['SCAN 18446744073709551615', '*2|$1|0|*0|'],
    ['SCAN x', '-ERR invalid cursor|'],
    ['SCAN x FOO', '-ERR invalid cursor|'],
    ['SCAN 0 FOO', '-ERR syntax error|'],
    ['SCAN 0 COUNT 0', '-ERR syntax error|'],
    ['SCAN 0 COUNT x', '-ERR value is not an integer or out of range|'],
    ['SCAN 0 TYPE', '-ERR syntax error|'],
  ])
})

t.test('all keys come, by pattern, by type', async (t) => {
  const runner = new CommandRunner()
  const keys: string[] = []
  for (let i = 0; i < 300; i++) {
    keys.push(`k${i}`)
    runner.run(i % 3 === 0 ? `HSET k${i} f v` : `SET k${i} v`)
  }
  t.strictSame(scanAll(runner), keys.toSorted())
  t.strictSame(scanAll(runner, 'COUNT 1000'), keys.toSorted())
  t.equal(scanAll(runner, 'MATCH k1?').length, 10)
  t.equal(scanAll(runner, 'TYPE hash').length, 100)
  t.equal(scanAll(runner, 'TYPE STRING COUNT 7').length, 200)
  t.equal(scanAll(runner, 'TYPE list').length, 0)
  t.strictSame(scanAll(runner, 'MATCH k3* TYPE hash COUNT 3').slice(0, 2), ['k3', 'k30'])
})

t.test('a step gives about as many as it was asked for', async (t) => {
  const runner = new CommandRunner()
  for (let i = 0; i < 500; i++) runner.run(`SET {tag}${i} v`)
  for (let i = 0; i < 500; i++) runner.run(`SET k${i} v`)
  let cursor = '0'
  do {
    const [next, keys] = scan(runner, cursor, 'COUNT 20')
    t.ok(keys.length < 60, `${keys.length}`)
    t.ok(keys.length >= 20 || next === '0')
    cursor = next
  } while (cursor !== '0')
})

t.test('keys whose time is over are deleted, not returned', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET a v PX 5', 'SET b v', 'HSET c f v', 'PEXPIRE c 5')
  runner.clock.now += 6
  t.strictSame(scanAll(runner, 'TYPE string'), ['b'])
  t.equal(runner.db.size, 1)
  t.strictSame(scanAll(runner), ['b'])
  t.strictSame(runner.takePropagated().slice(4).toSorted(), [
    ['DEL', 'a'],
    ['DEL', 'c'],
  ])
})

t.test('a key that is there all the time is returned, whatever else happens', async (t) => {
  const seed = process.env.SEED ?? 'scan'
  const random = new Random(seed)
  const runner = new CommandRunner()
  for (let i = 0; i < 400; i++) runner.runAll(`SET s${i} v`, `SET {t}s${i} v`)
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, keys] = scan(runner, cursor, `COUNT ${1 + random.below(30)}`)
    for (const key of keys) found.add(key)
    cursor = next
    for (let i = 0; i < 30; i++) {
      const key = random.pick(['p', '{t}p']) + random.below(1000)
      runner.run(random.below(2) === 0 ? `SET ${key} v` : `DEL ${key}`)
    }
  } while (cursor !== '0')
  for (let i = 0; i < 400; i++) {
    if (!found.has(`s${i}`) || !found.has(`{t}s${i}`)) t.fail(`SEED=${seed}: misses ${i}`)
  }
  t.pass(`SEED=${seed}`)
})
