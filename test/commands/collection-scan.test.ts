import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { scanning } from '../../lib/commands/collection-scan.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { parseReply } from '../support/resp-client.ts'

t.test('every command that scans is declared alike', async (t) => {
  const declared = scanning(
    { name: 'XSCAN', group: 'set', summary: '', categories: ['set'] },
    (db, name) => db.readSet(name),
  )
  t.match(declared, { name: 'XSCAN', arity: -3, firstKey: 1, lastKey: 1, isReadonly: true })
})

t.test('options are read only where there is something to scan', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('HSET h f v g w', 'SADD s f g', 'ZADD z 1 f 2 g')
  expectReplies(t, runner, [
    ['HSCAN h 0 MATCH g', '*2|$1|0|*2|$1|g|$1|w|'],
    ['SSCAN s 0 MATCH g', '*2|$1|0|*1|$1|g|'],
    ['ZSCAN z 0 MATCH g', '*2|$1|0|*2|$1|g|$1|2|'],
    ['ZSCAN z 0 NONSENSE', '-ERR syntax error|'],
    ['ZSCAN none 0 NONSENSE', '*2|$1|0|*0|'],
    ['ZSCAN z x', '-ERR invalid cursor|'],
    ['ZSCAN none x', '-ERR invalid cursor|'],
  ])
})

/** Each command with how an element comes and goes. */
const kinds = {
  HSCAN: {
    add: (name: string) => `HSET k ${name} v`,
    remove: (name: string) => `HDEL k ${name}`,
    step: 2,
  },
  SSCAN: {
    add: (name: string) => `SADD k ${name}`,
    remove: (name: string) => `SREM k ${name}`,
    step: 1,
  },
  ZSCAN: {
    add: (name: string) => `ZADD k ${name.length} ${name}`,
    remove: (name: string) => `ZREM k ${name}`,
    step: 2,
  },
} as const

t.test('an element that is there all the time is returned, whatever comes and goes', async (t) => {
  const seed = process.env.SEED ?? 'collection-scan'
  const random = new Random(seed)
  for (const [command, { add, remove, step }] of Object.entries(kinds)) {
    for (const [stable, others] of [
      [600, 1000],
      // Compact at first: it may grow beyond that between two steps.
      [40, 400],
      // Most of it goes.
      [20, 5000],
    ] as const) {
      const runner = new CommandRunner()
      for (let i = 0; i < stable; i++) runner.run(add(`s${i}`))
      if (others > 1000) for (let i = 0; i < others; i++) runner.run(add(`p${i}`))
      const found = new Set<string>()
      let cursor = '0'
      do {
        const raw = runner.run(`${command} k ${cursor} COUNT ${1 + random.below(30)}`)
        const [next, words] = (parseReply(raw)?.value ?? []) as [string, string[]]
        for (let i = 0; i < words.length; i += step) found.add(words[i] as string)
        cursor = next
        for (let i = 0; i < 40; i++) {
          const name = `p${random.below(others)}`
          runner.run(random.below(others > 1000 ? 5 : 2) === 0 ? add(name) : remove(name))
        }
      } while (cursor !== '0')
      const missing = Array.from({ length: stable }, (_, i) => `s${i}`).filter(
        (name) => !found.has(name),
      )
      t.strictSame(missing, [], `SEED=${seed} ${command} of ${stable} among ${others}`)
    }
  }
})
