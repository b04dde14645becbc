import t from 'tap'
import { type ServerRequest, serverRequestOf } from '../../lib/cli/server-request.ts'
import { parseConfigText } from '../../lib/node/config/config-text.ts'

/** The directives that the options of a command line become. */
function directives(...words: string[]): (readonly string[])[] {
  return parseConfigText(serverRequestOf(words).options).map((line) => line.words)
}

t.test('a file comes first, and standard input first or last', async (t) => {
  const table: [words: string[], request: Partial<ServerRequest>][] = [
    [[], { path: undefined, readsStandardInput: false, options: '' }],
    [['redis.conf'], { path: 'redis.conf', readsStandardInput: false, options: '' }],
    [['-'], { path: undefined, readsStandardInput: true, options: '' }],
    [['redis.conf', '-'], { path: 'redis.conf', readsStandardInput: true }],
    [['-', '--port', '1'], { path: undefined, readsStandardInput: true, options: 'port "1" ' }],
    [['--port', '1', '-'], { readsStandardInput: true, options: 'port "1" ' }],
  ]
  for (const [words, request] of table) t.match(serverRequestOf(words), request, words.join(' '))
})

t.test('options become lines as redis-server makes them', async (t) => {
  t.strictSame(directives('--port', '7777', '--save', ''), [
    ['port', '7777'],
    ['save', ''],
  ])
  t.strictSame(directives('--save', '900', '1', '--bind', '127.0.0.1', '::1'), [
    ['save', '900', '1'],
    ['bind', '127.0.0.1', '::1'],
  ])
  t.strictSame(directives('--port 7777', '--proc-title-template', '--my--title--{title}'), [
    ['port', '7777'],
    ['proc-title-template', '--my--title--{title}'],
  ])
  t.strictSame(directives('--save', '--appendonly', 'no'), [
    ['save', ''],
    ['appendonly', 'no'],
  ])
  t.strictSame(directives('--appendonly', 'no', '--save'), [
    ['appendonly', 'no'],
    ['save', ''],
  ])
  t.strictSame(directives('--requirepass', 'a "b" \\ é'), [['requirepass', 'a "b" \\ Ã©']])
})
