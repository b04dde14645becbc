/** What XINFO tells; that it is what a real server tells is in the conformance corpus. */
import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('a stream and its groups', async (t) => {
  const runner = new CommandRunner({ now: 1000, protocol: 3 })
  runner.runAll('XADD s 1 f v', 'XADD s 2 f v', 'XDEL s 1', 'XGROUP CREATE s g 2')
  const facts =
    '$6|length|:1|$15|radix-tree-keys|:1|$16|radix-tree-nodes|:2|$17|last-generated-id|$3|2-0|' +
    '$20|max-deleted-entry-id|$3|1-0|$13|entries-added|:2|$23|recorded-first-entry-id|$3|2-0|'
  const entry = '*2|$3|2-0|*2|$1|f|$1|v|'
  expectReplies(t, runner, [
    ['XINFO STREAM s', `%10|${facts}$6|groups|:1|$11|first-entry|${entry}$10|last-entry|${entry}`],
    [
      'XINFO GROUPS s',
      '*1|%6|$4|name|$1|g|$9|consumers|:0|$7|pending|:0|$17|last-delivered-id|$3|2-0|$12|entries-read|_|$3|lag|:0|',
    ],
    [
      'XINFO STREAM s FULL',
      `%9|${facts}$7|entries|*1|${entry}$6|groups|*1|%7|$4|name|$1|g|$17|last-delivered-id|$3|2-0|$12|entries-read|_|$3|lag|:0|$9|pel-count|:0|$7|pending|*0|$9|consumers|*0|`,
    ],
    ['XINFO STREAM none', '-ERR no such key|'],
  ])
})

t.test('from 7.4 on what was deleted anywhere counts for the lag', async (t) => {
  const lines = [
    'XADD s 1 f v',
    'XADD s 2 f v',
    'XADD s 3 f v',
    'XADD s 4 f v',
    'XGROUP CREATE s g 0',
    'XREADGROUP GROUP g a COUNT 1 STREAMS s >',
  ]
  for (const [version, trimmed, deleted] of [
    ['7.0', ':3', ':3'],
    ['7.4', ':1', ':2'],
  ] as const) {
    const lagAfter = (...more: string[]) => {
      const runner = new CommandRunner({ version })
      runner.runAll(...lines)
      for (const line of more) runner.run(line)
      return /lag\r\n(\S+)/.exec(runner.run('XINFO GROUPS s'))?.[1]
    }
    t.equal(lagAfter(), ':3')
    t.equal(lagAfter('XTRIM s MAXLEN 1'), trimmed, version)
    t.equal(lagAfter('XDEL s 1 2'), deleted, version)
  }
})
