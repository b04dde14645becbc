import t from 'tap'
import { SlowLog } from '../../lib/node/slow-log.ts'
import { NodeHarness } from '../support/node-harness.ts'

function add(log: SlowLog, words: string[], maxLength = 128): void {
  log.add(
    { timeSeconds: 1, microseconds: 2, words, address: '1.2.3.4:5', clientName: 'me' },
    maxLength,
  )
}

const wordsOf = (log: SlowLog) => log.latest(100).map(({ words }) => words.join(' '))

t.test('the latest come first, the oldest go', async (t) => {
  const log = new SlowLog()
  for (const word of ['a', 'b', 'c', 'd']) add(log, [word], 3)
  t.same(wordsOf(log), ['d', 'c', 'b'])
  t.same(
    log.latest(2).map(({ id }) => id),
    [3, 2],
  )
  t.same(log.latest(0), [])
  add(log, ['e'], 1)
  t.same(wordsOf(log), ['e'])
  add(log, ['f'], 0)
  t.equal(log.length, 0)
  log.clear()
  add(log, ['g'])
  t.equal(log.latest(1)[0]?.id, 6, 'ids go on')
})

t.test('long commands and long words are trimmed', async (t) => {
  const log = new SlowLog()
  const words = Array.from({ length: 33 }, (_, i) => `w${i}`)
  add(log, words)
  t.same(log.latest(1)[0]?.words, [...words.slice(0, 31), '... (2 more arguments)'])
  add(log, words.slice(0, 32))
  t.same(log.latest(1)[0]?.words, words.slice(0, 32))
  add(log, ['x'.repeat(128), 'y'.repeat(130)])
  t.same(log.latest(1)[0]?.words, ['x'.repeat(128), `${'y'.repeat(128)}... (2 more bytes)`])
})

function node(config: Record<string, string> = {}) {
  const harness = new NodeHarness({ config: { 'enable-debug-command': 'yes', ...config } })
  const client = harness.connect()
  return {
    harness,
    client,
    run: (...lines: string[]) => harness.type(client, ...lines),
    logged: () =>
      harness.node.slowLog
        .latest(100)
        .map(({ words }) => words.join(' '))
        .reverse(),
  }
}

t.test('what takes long is logged with its time and client', async (t) => {
  const { harness, run } = node()
  run('CLIENT SETNAME me', 'DEBUG SLEEP 0.009', 'DEBUG SLEEP 0.01')
  t.same(harness.node.slowLog.latest(10), [
    {
      id: 0,
      timeSeconds: 1_700_000_000,
      microseconds: 10_000,
      words: ['DEBUG', 'SLEEP', '0.01'],
      address: '127.0.0.1:50001',
      clientName: 'me',
    },
  ])
})

t.test('with a low threshold every command is, EXEC aside', async (t) => {
  const { run, logged } = node({ 'slowlog-log-slower-than': '0' })
  for (let i = 0; i < 40; i++) run('GET k')
  t.equal(logged().length, 40)
  run('SLOWLOG RESET', 'MULTI', 'SET k v', 'EXEC', 'GETX', 'GET')
  t.same(logged(), ['SLOWLOG RESET', 'MULTI', 'SET k v'])
  run('AUTH a b')
  t.equal(logged().at(-1), 'AUTH (redacted) (redacted)', 'secrets are not kept')
  run('CONFIG SET slowlog-log-slower-than -1', 'DEBUG SLEEP 1')
  t.equal(logged().length, 4)
})

t.test('a client that was blocked is logged when it is served', async (t) => {
  const { harness, run, logged } = node({ 'slowlog-log-slower-than': '0' })
  const other = harness.connect()
  harness.type(other, 'BLPOP l 0')
  t.same(logged(), [])
  run('RPUSH l x')
  t.same(logged(), ['RPUSH l x', 'BLPOP l 0'])
  harness.type(other, 'BLPOP l 1')
  harness.pass(2000)
  t.equal(harness.take(other), '*-1\r\n')
  t.equal(logged().length, 2, 'giving up is not')
  t.match(run('INFO commandstats'), /cmdstat_blpop:calls=2,/)
})
