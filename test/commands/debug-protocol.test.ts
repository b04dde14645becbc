import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('each type as a real server writes it', async (t) => {
  const table: [type: string, resp2: string, resp3: string][] = [
    ['string', '$11|Hello World|', '$11|Hello World|'],
    ['integer', ':12345|', ':12345|'],
    ['double', '$5|3.141|', ',3.141|'],
    ['bignum', `$37|1234567${'9'.repeat(30)}|`, `(1234567${'9'.repeat(30)}|`],
    ['null', '$-1|', '_|'],
    ['array', '*3|:0|:1|:2|', '*3|:0|:1|:2|'],
    ['set', '*3|:0|:1|:2|', '~3|:0|:1|:2|'],
    ['map', '*6|:0|:0|:1|:1|:2|:0|', '%3|:0|#f|:1|#t|:2|#f|'],
    [
      'attrib',
      '$39|Some real reply following the attribute|',
      '|1|$14|key-popularity|*2|$7|key:123|:90|$39|Some real reply following the attribute|',
    ],
    [
      'push',
      '-ERR RESP2 is not supported by this command|',
      '>2|$16|server-cpu-usage|:42|$40|Some real reply following the push reply|',
    ],
    ['verbatim', '$25|This is a verbatim\nstring|', '=29|txt:This is a verbatim\nstring|'],
    ['true', ':1|', '#t|'],
    ['FALSE', ':0|', '#f|'],
  ]
  const runner = new CommandRunner()
  for (const [type, resp2, resp3] of table) {
    runner.protocol = 2
    expectReplies(t, runner, [[`DEBUG PROTOCOL ${type}`, resp2]])
    runner.protocol = 3
    expectReplies(t, runner, [[`DEBUG PROTOCOL ${type}`, resp3]])
  }
  t.match(
    runner.run('DEBUG PROTOCOL foo'),
    '-ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false\r\n',
  )
})

t.test('an error as wished', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['DEBUG ERROR "FOO bar"', '-FOO bar|'],
    [
      'DEBUG ERROR',
      "-ERR unknown subcommand or wrong number of arguments for 'ERROR'. Try DEBUG HELP.|",
    ],
  ])
})
