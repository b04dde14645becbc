import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const names = Array.from({ length: 100 }, (_, i) => `m${i}`)

t.test('a table has room for its names, and chains hold them all', async (t) => {
  const runner = new CommandRunner()
  runner.run(`SADD s ${names.join(' ')}`)
  const text = runner.run('DEBUG HTSTATS-KEY s')
  t.match(text, /^\$\d+\r\nHash table 0 stats \(main hash table\):\n table size: 128\n number of/)
  const [, used, longest] = /different slots: (\d+)\n max chain length: (\d+)/.exec(text) ?? []
  const chains = [...text.matchAll(/^ {3}(\d+): (\d+) \(([\d.]+)%\)$/gm)].map((line) =>
    line.slice(1).map(Number),
  ) as [length: number, count: number, share: number][]
  const sum = (value: (chain: [number, number, number]) => number) =>
    chains.reduce((total, chain) => total + value(chain), 0)
  t.equal(
    sum(([length, count]) => length * count),
    100,
  )
  t.equal(
    sum(([, count]) => count),
    128,
  )
  t.equal(chains.at(-1)?.[0], Number(longest))
  t.equal(
    sum(([length, count]) => (length === 0 ? 0 : count)),
    Number(used),
  )
  t.match(text, `avg chain length (counted): ${(100 / Number(used)).toFixed(2)}\n`)
})

t.test('databases and values', async (t) => {
  const runner = new CommandRunner()
  const none = 'Hash table 0 stats (main hash table):\nNo stats available for empty dictionaries\n'
  const refusal =
    '-ERR The value stored at the specified key is not represented using an hash table|'
  t.equal(
    runner.run('DEBUG HTSTATS 1'),
    `$189\r\n[Dictionary HT]\n${none}[Expires HT]\n${none}\r\n`,
  )
  runner.runAll('SET k v EX 100', 'SADD s 1', 'SADD t a b', 'HSET h f v')
  t.match(runner.run('DEBUG HTSTATS 0'), /number of elements: 4\n.*\[Expires.*elements: 1\n/s)
  t.match(runner.run('DEBUG HTSTATS-KEY t'), /table size: 4\n number of elements: 2\n/)
  expectReplies(t, runner, [
    ['DEBUG HTSTATS-KEY k', refusal],
    ['DEBUG HTSTATS-KEY s', refusal],
    ['DEBUG HTSTATS-KEY h', refusal],
    ['DEBUG HTSTATS-KEY none', '-ERR no such key|'],
    ['DEBUG HTSTATS 16', '-ERR Out of range database|'],
    ['DEBUG HTSTATS -1', '-ERR Out of range database|'],
    ['DEBUG HTSTATS x', '-ERR value is not an integer or out of range|'],
  ])
  t.match(runner.run('DEBUG HTSTATS 0 full'), /^-ERR unknown subcommand or wrong number/)
})

t.test('later versions tell of chains who asks for them', async (t) => {
  const runner = new CommandRunner({ version: '7.4' })
  t.match(runner.run('DEBUG HTSTATS 0'), /^\$\d+\r\n\[Dictionary HT\]\n\[Expires HT\]\n\r\n$/)
  runner.run(`SADD s ${names.join(' ')} ${'x'.repeat(100)}`)
  t.notMatch(runner.run('DEBUG HTSTATS-KEY s'), /different slots/)
  t.match(runner.run('DEBUG HTSTATS-KEY s full'), /different slots/)
})
