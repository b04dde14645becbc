/** MONITOR: the client hears of every command the node runs, but of those of operators (monitorCommand). */
import { ReplyError } from '../resp/reply-error.ts'
import { command } from './command.ts'

export const monitor = command({
  name: 'MONITOR',
  since: '1.0.0',
  group: 'server',
  summary: 'Shows the connection all commands as they run.',
  complexity: '',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  run({ client, reply, transaction }) {
    if (transaction.active) {
      throw new ReplyError("ERR MONITOR isn't allowed for DENY BLOCKING client")
    }
    // Once is enough, and not even answered again.
    if (client.monitoring) return
    client.monitoring = true
    reply.ok()
  },
})
