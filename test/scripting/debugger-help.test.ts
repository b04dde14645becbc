import t from 'tap'
import { DEBUGGER_HELP } from '../../lib/scripting/debugger-help.ts'

t.test('every command is told with its letter', async (t) => {
  const told = DEBUGGER_HELP.flatMap((line) => /^\[(\w)\](\w+)/.exec(line)?.slice(1).join('') ?? [])
  const commands = 'help step next continue list whole print break trace eval redis maxlen abort'
  t.same([...new Set(told)].sort(), commands.split(' ').sort())
  for (const name of ['redis.debug()', 'redis.breakpoint()']) {
    t.ok(
      DEBUGGER_HELP.some((line) => line.startsWith(name)),
      name,
    )
  }
})
