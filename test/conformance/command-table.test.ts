/** Every declaration against COMMAND INFO and COMMAND DOCS of a real redis-server 7.0; prose is our own. */
import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { COMMAND_FLAGS } from '../../lib/commands/command.ts'
import { CommandTable } from '../../lib/commands/table.ts'
import { CommandRunner } from '../support/command-runner.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { COMMANDS_OF_7_0 } from '../support/redis-command.ts'
import { parseReply, type RespValue } from '../support/resp-client.ts'

if (withoutRealRedis70) t.comment(`SKIPPED: ${withoutRealRedis70}`)

type Docs = Map<string, RespValue>

const runner = new CommandRunner({ protocol: 3 })

function own(...argv: string[]): RespValue {
  const parsed = parseReply(runner.execute(argv))
  if (parsed === undefined) throw new Error('a reply is not complete')
  return parsed.value
}

/** An INFO entry without its subcommands, which stand in any order. */
function withoutSubcommands(info: RespValue): RespValue {
  return (info as RespValue[]).slice(0, 9)
}

function named(infos: RespValue): Map<string, RespValue> {
  const list = infos instanceof Set ? [...infos] : (infos as RespValue[])
  return new Map(list.map((info) => [String((info as RespValue[])[0]), info]))
}

/** DOCS without prose: summaries and what changed in each version are told in other words. */
function structure(docs: Docs): Docs {
  const kept = new Map(docs)
  kept.delete('summary')
  kept.delete('subcommands')
  const history = kept.get('history')
  if (history instanceof Set) {
    kept.set(
      'history',
      [...history].map((change) => (change as RespValue[])[0] ?? null),
    )
  }
  return kept
}

t.test('the list of commands is complete', { skip: withoutRealRedis70 }, async (t) => {
  const real = await startRealRedis()
  t.teardown(() => real.stop())
  const client = await real.connect()
  t.teardown(() => client.close())
  await client.command('HELLO', '3')
  const docs = (await client.command('COMMAND', 'DOCS')).value as Map<string, Docs>
  const groups: Record<string, string[]> = {}
  const add = (name: string, entry: Docs): void => {
    const subcommands = entry.get('subcommands') as Map<string, Docs> | undefined
    for (const [subcommand, inner] of subcommands ?? []) add(subcommand, inner)
    if (subcommands !== undefined) return
    const group = String(entry.get('group'))
    groups[group] = [...(groups[group] ?? []), name.toUpperCase().replace('|', ' ')].sort()
  }
  for (const [name, entry] of docs) add(name, entry)
  t.same(COMMANDS_OF_7_0, groups)
})

t.test('the table', { skip: withoutRealRedis70 }, async (t) => {
  const real = await startRealRedis()
  t.teardown(() => real.stop())
  const client = await real.connect()
  t.teardown(() => client.close())
  await client.command('HELLO', '3')
  const theirInfos = named((await client.command('COMMAND')).value)
  const theirDocs = (await client.command('COMMAND', 'DOCS')).value as Docs
  const ourInfos = named(own('COMMAND'))
  const ourDocs = own('COMMAND', 'DOCS') as Docs

  function compare(name: string, ours: RespValue, theirs: RespValue | undefined): void {
    t.strictSame(withoutSubcommands(ours), theirs && withoutSubcommands(theirs), `${name} INFO`)
    if (theirs === undefined) return
    const theirSubs = named((theirs as RespValue[])[9] ?? [])
    for (const [sub, info] of named((ours as RespValue[])[9] ?? [])) {
      compare(sub, info, theirSubs.get(sub))
    }
  }
  for (const [name, info] of ourInfos) compare(name, info, theirInfos.get(name))

  function compareDocs(name: string, ours: Docs, theirs: Docs | undefined): void {
    t.strictSame(structure(ours), theirs && structure(theirs), `${name} DOCS`)
    const subs = (ours.get('subcommands') ?? new Map()) as Map<string, Docs>
    const theirSubs = (theirs?.get('subcommands') ?? new Map()) as Map<string, Docs>
    for (const [sub, docs] of subs) compareDocs(sub, docs, theirSubs.get(sub))
  }
  for (const [name, docs] of ourDocs) {
    compareDocs(name, docs as Docs, theirDocs.get(name) as Docs | undefined)
  }

  for (const [name, docs] of ourDocs) {
    const theirs = theirDocs.get(name) as Docs | undefined
    const summary = (docs as Docs).get('summary')
    t.not(summary, theirs?.get('summary'), `${name} is described in our own words`)
  }
})

/** Questions whose answers must be the same to the byte. */
const QUESTIONS = [
  'COMMAND INFO get set mset nosuch config|get hscan',
  'COMMAND INFO get|x config| | get|',
  'COMMAND DOCS nosuch',
  'COMMAND DOCS config|get|x config|',
  'COMMAND LIST FILTERBY FOO x',
  'COMMAND LIST FILTERBY',
  'COMMAND LIST FILTERBY PATTERN multi',
  'COMMAND LIST FILTERBY PATTERN MULTI',
  'COMMAND LIST FILTERBY ACLCAT nosuch',
  'COMMAND LIST FILTERBY MODULE x',
  'COMMAND GETKEYS get',
  'COMMAND GETKEYS get a',
  'COMMAND GETKEYS get a b',
  'COMMAND GETKEYS nosuch a',
  'COMMAND GETKEYS ping x',
  'COMMAND GETKEYS config foo x',
  'COMMAND GETKEYS config get x',
  'COMMAND GETKEYS config|get x',
  'COMMAND GETKEYS mset a 1 b',
  'COMMAND GETKEYS msetnx a 1 b 2',
  'COMMAND GETKEYS object encoding k',
  'COMMAND GETKEYS lcs a b',
  'COMMAND GETKEYS zunion 1.5x a b',
  'COMMAND GETKEYS zinterstore to 1e3 a',
  'COMMAND GETKEYS zdiffstore to +1 a',
  'COMMAND GETKEYSANDFLAGS zunionstore to 2x a b',
  'COMMAND GETKEYSANDFLAGS zunionstore to 2 a b',
  'COMMAND GETKEYSANDFLAGS sintercard 01 a',
  'COMMAND GETKEYS zunion +2 a b',
  'COMMAND GETKEYS sintercard -1 a b',
  'COMMAND GETKEYS lmpop x a left',
  'COMMAND GETKEYS zmpop 3x a b min',
  'COMMAND GETKEYS watch a b',
  'COMMAND GETKEYSANDFLAGS set a b',
  'COMMAND GETKEYSANDFLAGS set a b c d get',
  'COMMAND GETKEYSANDFLAGS getex a',
  'COMMAND GETKEYSANDFLAGS rename a b',
  'COMMAND GETKEYSANDFLAGS copy a b',
  'COMMAND GETKEYSANDFLAGS del a b c',
  'COMMAND GETKEYSANDFLAGS hset a b c',
  'COMMAND GETKEYSANDFLAGS ping x',
  'COMMAND FOO',
  'COMMAND COUNT x',
]

for (const protocol of [2, 3] as const) {
  t.test(`answers to the byte, RESP${protocol}`, { skip: withoutRealRedis70 }, async (t) => {
    const real = await startRealRedis()
    t.teardown(() => real.stop())
    const client = await real.connect()
    t.teardown(() => client.close())
    await client.command('HELLO', `${protocol}`)
    runner.protocol = protocol
    for (const question of QUESTIONS) {
      const argv = question.split(' ')
      t.equal(runner.execute(argv), (await client.command(...argv)).raw, question)
    }
  })
}

t.test('keys of random arguments', { skip: withoutRealRedis70 }, async (t) => {
  const real = await startRealRedis()
  t.teardown(() => real.stop())
  runner.protocol = 2
  const roots = [...new CommandTable(new Version('7.0')).entries()].map(({ command }) => command)
  for (const { name, keySpecs } of roots) {
    if (keySpecs.length === 0) continue
    for (let length = 1; length < 8; length++) {
      for (const words of [
        Array.from({ length }, (_, i) => `w${i}`),
        Array.from({ length }, (_, i) => (i === 2 ? '2' : i === 3 ? 'GET' : `w${i}`)),
      ]) {
        const argv = ['COMMAND', 'GETKEYSANDFLAGS', name, ...words]
        t.equal(runner.execute(argv), (await real.command(...argv)).raw, argv.join(' '))
      }
    }
  }
})

t.test(
  'flags are printed in the order of a real server',
  { skip: withoutRealRedis70 },
  async (t) => {
    const real = await startRealRedis()
    t.teardown(() => real.stop())
    const infos = (await real.command('COMMAND')).value as RespValue[][]
    const all = infos.flatMap((info) => [info, ...((info[9] ?? []) as RespValue[][])])
    t.ok(all.length > infos.length, 'subcommands too')
    for (const [name, , flags] of all) {
      const given = flags as string[]
      t.same(
        given,
        COMMAND_FLAGS.filter((flag) => given.includes(flag)),
        String(name),
      )
    }
  },
)
