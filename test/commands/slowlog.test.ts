import t from 'tap'
import type { SlowLogEntry, SlowLogPort } from '../../lib/commands/context.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

function runner(count: number): CommandRunner {
  const entry = (id: number): SlowLogEntry => ({
    id,
    timeSeconds: 7,
    microseconds: 8,
    words: ['GET', 'k'],
    address: '1.2.3.4:5',
    clientName: '',
  })
  let entries = Array.from({ length: count }, (_, i) => entry(count - 1 - i))
  const slowLog: SlowLogPort = {
    get length() {
      return entries.length
    },
    latest: (wanted) => entries.slice(0, wanted),
    clear: () => {
      entries = []
    },
  }
  return new CommandRunner({ ports: { slowLog } })
}

t.test('entries have six fields', async (t) => {
  expectReplies(t, runner(1), [
    ['SLOWLOG GET', '*1|*6|:0|:7|:8|*2|$3|GET|$1|k|$9|1.2.3.4:5|$0||'],
    ['SLOWLOG LEN', ':1|'],
    ['SLOWLOG RESET', '+OK|'],
    ['SLOWLOG LEN', ':0|'],
  ])
})

t.test('ten, or as many as asked for', async (t) => {
  const twelve = runner(12)
  for (const [line, count] of [
    ['SLOWLOG GET', 10],
    ['SLOWLOG GET 0', 0],
    ['SLOWLOG GET 11', 11],
    ['SLOWLOG GET -1', 12],
    ['SLOWLOG GET 9223372036854775807', 12],
  ] as const) {
    t.match(twelve.run(line), new RegExp(`^\\*${count}\r`), line)
  }
  for (const count of ['-2', 'x', '', '99999999999999999999']) {
    t.equal(
      twelve.execute(['SLOWLOG', 'GET', count]),
      '-ERR count should be greater than or equal to -1\r\n',
    )
  }
  expectReplies(t, twelve, [
    [
      'SLOWLOG get 1 2',
      "-ERR unknown subcommand or wrong number of arguments for 'get'. Try SLOWLOG HELP.|",
    ],
    ['SLOWLOG', "-ERR wrong number of arguments for 'slowlog' command|"],
  ])
  t.match(twelve.run('SLOWLOG HELP'), /^\*\d+\r\n\+SLOWLOG <subcommand> /)
})
