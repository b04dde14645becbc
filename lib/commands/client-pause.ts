/**
 * CLIENT PAUSE and UNPAUSE: what clients ask for waits, everything or what may reach replicas (networking.c). While all
 * waits, UNPAUSE waits too.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { ReplyError, subcommandSyntax } from '../resp/reply-error.ts'
import { integer, oneOf, token } from './argument.ts'
import { clientSubcommand, OPERATOR } from './client.ts'

export const pause = clientSubcommand('PAUSE', {
  since: '3.0.0',
  summary: 'Lets the commands of clients wait for a while.',
  flags: OPERATOR,
  // Once it is answered nothing changes here, not even by keys that leave.
  spansKeyspace: true,
  history: [['6.2.0', 'Option `WRITE`.']],
  args: [
    integer('timeout'),
    oneOf('mode', [token('write', 'WRITE'), token('all', 'ALL')], {
      optional: true,
      since: '6.2.0',
    }),
  ],
  before: { '7.2.0': { since: '2.9.50' } },
  run({ clock, reply, server }, argv) {
    if (argv.length > 4) throw subcommandSyntax('CLIENT', argv[1] as Bytes)
    const mode = (argv[3] ?? 'all').toLowerCase()
    if (mode !== 'all' && mode !== 'write') {
      throw new ReplyError('ERR CLIENT PAUSE mode must be WRITE or ALL')
    }
    const timeoutMs = parseInteger(argv[2] as Bytes)
    if (timeoutMs === undefined) {
      throw new ReplyError('ERR timeout is not an integer or out of range')
    }
    if (timeoutMs < 0) throw new ReplyError('ERR timeout is negative')
    const untilMs = Number(timeoutMs) + clock.now
    // Beyond 64 bits the end is long past.
    server.pause(mode === 'all' ? 'all' : 'writes', untilMs < 2 ** 63 ? untilMs : 0)
    reply.ok()
  },
})

export const unpause = clientSubcommand('UNPAUSE', {
  since: '6.2.0',
  summary: 'Lets the commands of clients wait no longer.',
  complexity: 'O(N) Where N is the number of paused clients',
  flags: OPERATOR,
  run({ reply, server }) {
    server.unpause()
    reply.ok()
  },
})
