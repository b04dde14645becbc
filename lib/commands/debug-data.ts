/** DEBUG on the data: keys out of nothing, and what happens to keys by itself switched off and on. */
import { type Bytes, bufferOf, bytesIn } from '../base/bytes.ts'
import { parseMemory } from '../base/memory-size.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { Context } from './context.ts'
import type { Run, Subcommands } from './debug-subcommand.ts'
import { leastArgument } from './number-argument.ts'

const populate: Run = ({ db, reply }, argv) => {
  const count = leastArgument(argv[2] as Bytes, 0, errors.mustBePositive)
  const prefix = argv[3] ?? 'key'
  const size = argv.length === 5 ? leastArgument(argv[4] as Bytes, 0, errors.mustBePositive) : 0
  for (let i = 0; i < count; i++) {
    const key = `${prefix}:${i}`
    if (db.exists(key)) continue
    const value = `value:${i}`
    // Padded it would be a tree of pieces, three times as large.
    db.set(key, size === 0 ? value : bytesIn(bufferOf(value.slice(0, size).padEnd(size, '\0'))))
  }
  reply.ok()
}

/** Switches something on or off by a number. */
function switching(apply: (context: Context, value: boolean) => void): Run {
  return (context, [, , word]) => {
    // As C's atoi reads it.
    apply(context, Number.parseInt(word as Bytes, 10) > 0)
    context.reply.ok()
  }
}

const setActiveExpire = switching(({ server }, isOn) => {
  server.activity.expires = isOn
})

const pauseCron = switching(({ server }, isPaused) => {
  server.activity.runsCron = !isPaused
})

const setDenyScripts = switching(({ server }, isOff) => {
  server.activity.deniesScripts = !isOff
})

const FOUR_GIGABYTES = 2n ** 32n
const setPackedThreshold: Run = ({ reply }, [, , word]) => {
  const bytes = parseMemory(word as Bytes)
  if (bytes === undefined || bytes > FOUR_GIGABYTES) {
    throw new ReplyError('ERR argument must be a memory value bigger than 1 and smaller than 4gb')
  }
  reply.ok()
}

/** The subcommands of this file. */
export const dataDebugging: Subcommands = {
  'PAUSE-CRON': (argv) => (argv.length === 3 ? pauseCron : undefined),
  POPULATE: (argv) => (argv.length >= 3 && argv.length <= 5 ? populate : undefined),
  'QUICKLIST-PACKED-THRESHOLD': (argv) => (argv.length === 3 ? setPackedThreshold : undefined),
  'SET-ACTIVE-EXPIRE': (argv) => (argv.length === 3 ? setActiveExpire : undefined),
  'SET-DISABLE-DENY-SCRIPTS': (argv) => (argv.length === 3 ? setDenyScripts : undefined),
}
