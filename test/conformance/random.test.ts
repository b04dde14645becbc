/**
 * Random commands of each family to a real server and to one of our nodes: the answers are the same. SEED repeats a run,
 * COMMANDS says how many commands a family gets in each protocol. A failure shows the shortest list that still differs.
 */
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'
import { startBoth, withoutBoth } from './contestant.ts'
import { type Duel, explained, typed } from './differential.ts'
import { generate as bitmap } from './generator/bitmap.ts'
import { generate as generic } from './generator/generic.ts'
import { generate as geo } from './generator/geo.ts'
import { generate as hash } from './generator/hash.ts'
import { generate as list } from './generator/list.ts'
import { generate as set } from './generator/set.ts'
import { generate as sortedSet } from './generator/sorted-set.ts'
import { generate as stream } from './generator/stream.ts'
import { generate as string } from './generator/string.ts'
import { shortest } from './shortest.ts'

if (withoutBoth !== false) t.comment(`SKIPPED: ${withoutBoth}`)

const seed = process.env.SEED ?? String(Date.now())
const count = Number(process.env.COMMANDS ?? 4000)
const BATCH_MAX = 60
/** Commands shown at most. */
const SHOWN = 30

const families: Record<string, (random: Random) => Bytes[]> = {
  string,
  bitmap,
  hash,
  list,
  set,
  'sorted set': sortedSet,
  geo,
  stream,
  generic,
}

t.test('random commands', { skip: withoutBoth }, async (t) => {
  t.comment(`SEED=${seed} COMMANDS=${count}`)
  const duel = await startBoth(t, { masters: 1, replicas: 0 })
  for (const [family, generate] of Object.entries(families)) {
    for (const protocol of [2, 3] as const) {
      await t.test(`${family}, RESP${protocol}`, async (t) => {
        const random = new Random(seed).fork(`${family} ${protocol}`)
        await run(t, duel, { random, generate, protocol })
      })
    }
  }
})

async function run(
  t: Test,
  duel: Duel,
  {
    random,
    generate,
    protocol,
  }: { random: Random; generate: (random: Random) => Bytes[]; protocol: Protocol },
): Promise<void> {
  await duel.reset()
  const said: Bytes[][] = []
  while (said.length < count) {
    const batch = batchOf(random, generate)
    const difference = await duel.pipeline(batch, protocol)
    if (difference !== undefined) {
      const list = [...said, ...batch.slice(0, difference.index + 1)]
      const found = await shortest(list, async (candidate) => {
        await duel.reset()
        const again = await duel.pipeline(candidate, protocol)
        return again?.command === difference.command
      })
      t.fail(difference.command, {
        ...explained(difference),
        seed,
        shortest: found.slice(-SHOWN).map(typed),
      })
      return
    }
    said.push(...batch)
  }
  t.pass(`${said.length} commands`)
}

/** Some commands; now and then a transaction. */
function batchOf(random: Random, generate: (random: Random) => Bytes[]): Bytes[][] {
  const commands = Array.from({ length: 1 + random.below(BATCH_MAX) }, () => generate(random))
  return random.below(5) === 0 ? [['MULTI'], ...commands.slice(0, 8), ['EXEC']] : commands
}
