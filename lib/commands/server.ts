/**
 * The server as a whole: what it tells about itself, its time, its end (server.c, db.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { oneOf, string, token } from './argument.ts'
import { command } from './command.ts'

export const info = command({
  name: 'INFO',
  since: '1.0.0',
  group: 'server',
  summary: 'Describes the server and its statistics, by sections.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  categories: ['dangerous'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  history: [['7.0.0', 'Takes several sections.']],
  args: [string('section', { optional: true, multiple: true })],
  run({ reply, server }, argv) {
    const sections = argv.slice(1).map((section) => section.toLowerCase())
    reply.verbatim('txt', server.info(sections))
  },
})

export const time = command({
  name: 'TIME',
  since: '2.6.0',
  group: 'server',
  summary: 'Returns the time of the server: Unix seconds, and the microseconds since.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  tips: ['nondeterministic_output'],
  run({ server, reply }) {
    // Not the turn's: scripts wait by it.
    const microseconds = server.microsecondsByNow()
    reply.array(2)
    reply.bulk(`${Math.floor(microseconds / 1e6)}`)
    reply.bulk(`${microseconds % 1e6}`)
  },
})

const OPTIONS = ['save', 'nosave', 'now', 'force', 'abort']

export const shutdown = command({
  name: 'SHUTDOWN',
  since: '1.0.0',
  group: 'server',
  summary: 'Ends the server, after saving its data where that is configured or asked for.',
  complexity:
    'O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)',
  spansKeyspace: true,
  flags: ['admin', 'noscript', 'loading', 'stale', 'no_multi', 'allow_busy'],
  history: [['7.0.0', 'Takes `NOW`, `FORCE` and `ABORT`.']],
  args: [
    oneOf('save-selector', [token('nosave', 'NOSAVE'), token('save', 'SAVE')], {
      formerName: 'nosave_save',
      optional: true,
    }),
    token('now', 'NOW', { optional: true, since: '7.0.0' }),
    token('force', 'FORCE', { optional: true, since: '7.0.0' }),
    token('abort', 'ABORT', { optional: true, since: '7.0.0' }),
  ],
  run({ blocking, reply, scripting, server }, argv) {
    const given = shutdownOptions(argv.slice(1))
    if (given.has('abort')) {
      if (!server.abortShutdown()) throw new ReplyError('ERR No shutdown in progress.')
      reply.ok()
      return
    }
    if (scripting.busy !== undefined && !given.has('nosave')) throw scripting.busy
    const outcome = server.shutdown({
      save: given.has('save') ? 'save' : given.has('nosave') ? 'nosave' : 'default',
      now: given.has('now'),
      force: given.has('force'),
    })
    if (outcome === 'fails') throw errors.shutdownFailed
    if (outcome === 'waits') blocking.awaitShutdown()
  },
})

function shutdownOptions(words: readonly Bytes[]): Set<string> {
  const given = new Set(words.map((word) => word.toLowerCase()))
  const known = [...given].every((word) => OPTIONS.includes(word))
  if (!known || (given.has('save') && given.has('nosave'))) throw errors.syntax
  if (given.has('abort') && given.size > 1) throw errors.syntax
  return given
}
