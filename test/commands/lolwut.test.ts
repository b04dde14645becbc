import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import type { ServerPort } from '../../lib/commands/context.ts'
import { CommandRunner } from '../support/command-runner.ts'

function runner() {
  const server = { version: new Version('7.0') } as unknown as ServerPort
  return new CommandRunner({ protocol: 3, ports: { server } })
}

const PLAIN = '=22\r\ntxt:Redis ver. 7.0.15\n\r\n'

t.test('most versions have no picture', async (t) => {
  for (const words of ['', ' VERSION 7', ' version 4 1 2', ' VERSION', ' 20', ' FOO 5']) {
    t.equal(runner().run(`LOLWUT${words}`), PLAIN, words)
  }
  for (const words of ['VERSION x', 'VERSION 5 x', 'VERSION 6 20 x']) {
    t.equal(
      runner().run(`LOLWUT ${words}`),
      '-ERR value is not an integer or out of range\r\n',
      words,
    )
  }
})

t.test('two have', async (t) => {
  t.match(
    runner().run('LOLWUT VERSION 5'),
    /\n\nGeorg Nees - schotter, plotter on paper, 1968\. Redis ver\. 7\.0\.15\n\r\n$/,
  )
  t.match(
    runner().run('LOLWUT VERSION 6 -1 0').replaceAll('\x1b', '!'),
    /^=\d+\r\ntxt:!\[0;\d+;\d+m !\[0m\nDedicated/,
  )
})
