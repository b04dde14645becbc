/**
 * Random commands of one family to both sides of a duel, in batches, until so many were said or an answer differs: then the
 * shortest list of commands that still differs. The test and `npm run conformance` share it.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import type { Random } from '../../lib/base/random.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'
import { type Difference, type Duel, typed } from './differential.ts'
import { shortest } from './shortest.ts'

/** Makes one command of a family. */
export type Generate = (random: Random) => Bytes[]

/** What is said. */
export interface RandomRun {
  readonly random: Random
  readonly generate: Generate
  readonly protocol: Protocol
  /** So many commands, or a few more. */
  readonly count: number
  /** Told at once; what leads to it takes a while to find. */
  readonly onDifference?: (difference: Difference) => void
}

/** An answer that differs, with commands that lead to it. */
export interface RandomDifference extends Difference {
  /** As a person would type them; the last ones if there are many. */
  readonly shortest: readonly string[]
}

const BATCH_MAX = 60
/** Commands shown at most. */
const SHOWN = 30

/** Says random commands; the first difference, or how many commands were answered alike. */
export async function runRandom(
  duel: Duel,
  { random, generate, protocol, count, onDifference }: RandomRun,
): Promise<RandomDifference | number> {
  await duel.reset()
  const said: Bytes[][] = []
  while (said.length < count) {
    const batch = batchOf(random, generate)
    const difference = await duel.pipeline(batch, protocol)
    if (difference === undefined) {
      said.push(...batch)
      continue
    }
    onDifference?.(difference)
    const list = [...said, ...batch.slice(0, difference.index + 1)]
    const fails = async (candidate: readonly Bytes[][]) => {
      await duel.reset()
      const again = await duel.pipeline(candidate, protocol)
      return again?.command === difference.command
    }
    const found = await shortest(await shortestEnd(list, fails), fails)
    return { ...difference, shortest: found.slice(-SHOWN).map(typed) }
  }
  return said.length
}

/** Some commands; now and then a transaction. */
function batchOf(random: Random, generate: Generate): Bytes[][] {
  const commands = Array.from({ length: 1 + random.below(BATCH_MAX) }, () => generate(random))
  return random.below(5) === 0 ? [['MULTI'], ...commands.slice(0, 8), ['EXEC']] : commands
}

/** Most differences need little of what came before; then a long list need not be made short. */
async function shortestEnd<T>(
  list: readonly T[],
  fails: (candidate: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  for (let length = 1; length < list.length; length *= 10) {
    const end = list.slice(-length)
    if (await fails(end)) return end
  }
  return list
}
