/**
 * A person at redis-cli's prompt, in RESP3 on a terminal: what is shown by our node is what a real server shows. Each line is
 * typed once the prompt is back.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import t, { type Test } from 'tap'
import { waitFor } from '../support/wait.ts'
import { startContestants, withoutBoth } from './contestant.ts'

const withoutTerminal =
  withoutBoth ||
  (spawnSync('script', ['--version']).status === 0 ? false : '`script` is not installed')
if (withoutTerminal !== false) t.comment(`SKIPPED: ${withoutTerminal}`)

/** What the person types: every kind of reply of RESP3, and what changes the prompt. */
// redis-cli 7.0 ends itself at a big number or an attribute.
const TYPED = [
  'SET {k}s "a\\"b\\r\\n\\x00c"',
  'GET {k}s',
  'GET {k}none',
  'INCR {k}n',
  'INCR {k}s',
  'NOSUCH x y',
  'GET',
  'HSET {k}h f v g ""',
  'HGETALL {k}h',
  'HMGET {k}h f none',
  'SADD {k}set 1',
  'SMEMBERS {k}set',
  'ZADD {k}z 1.5 a inf b',
  'ZRANGE {k}z 0 -1 WITHSCORES',
  'ZSCORE {k}z a',
  'ZADD {k}z INCR 1 a',
  'GEOADD {k}g 13.361389 38.115556 Palermo',
  'GEOPOS {k}g Palermo none',
  'RPUSH {k}l a b c',
  'LRANGE {k}l 0 -1',
  'LPOP {k}l 2',
  'XADD {k}x 1-1 f v',
  'XRANGE {k}x - +',
  'XINFO STREAM {k}x',
  'XREAD STREAMS {k}x 0',
  'LCS {k}s {k}n IDX',
  'MULTI',
  'SET {k}t 1',
  'HGETALL {k}h',
  'EXEC',
  'MULTI',
  'DISCARD',
  'CONFIG GET maxmemory-policy',
  'COMMAND INFO get',
  'COMMAND GETKEYS mset a 1 b 2',
  'CLIENT TRACKINGINFO',
  'DEBUG PROTOCOL double',
  'DEBUG PROTOCOL true',
  'DEBUG PROTOCOL verbatim',
  'DEBUG PROTOCOL null',
  'DEBUG PROTOCOL map',
  'DEBUG PROTOCOL set',
  'CLUSTER KEYSLOT {k}s',
  'CLUSTER COUNTKEYSINSLOT 7629',
  'SELECT 1',
  'OBJECT ENCODING {k}h',
  'ECHO "{k}"',
  '3 PING',
]

/** redis-cli at a terminal of its own. */
class Terminal {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #prompt: RegExp
  #shown = ''

  constructor(port: number) {
    const cli = `redis-cli -3 -p ${port}`
    this.#child = spawn('script', ['--quiet', '--command', cli, '/dev/null'], {
      env: { ...process.env, TERM: 'dumb', REDISCLI_HISTFILE: '/dev/null' },
    })
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#shown += chunk.toString('latin1')
    })
    this.#prompt = new RegExp(`127\\.0\\.0\\.1:${port}(\\(TX\\))?> $`)
  }

  /** What is shown until the prompt is back, the prompt with it. */
  async prompted(): Promise<string> {
    const shown = await waitFor(
      'the prompt of redis-cli',
      () => this.#shown,
      (text) => this.#prompt.test(text),
    )
    this.#shown = ''
    return shown.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:port').replaceAll('\r\n', '\n')
  }

  async type(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`)
    return this.prompted()
  }

  close(): void {
    this.#child.kill()
  }
}

async function openTerminal(t: Test, port: number): Promise<Terminal> {
  const terminal = new Terminal(port)
  t.teardown(() => terminal.close())
  await terminal.prompted()
  return terminal
}

t.test('a session in RESP3', { skip: withoutTerminal }, async (t) => {
  const config = { 'enable-debug-command': 'yes' }
  const { real, ours } = await startContestants(t, { masters: 1, replicas: 0, config })
  const portOf = ({ nodes: [node] }: typeof real) => (node as (typeof real.nodes)[number]).port
  const terminals = [await openTerminal(t, portOf(real)), await openTerminal(t, portOf(ours))]
  for (const line of TYPED) {
    const [expected, shown] = await Promise.all(terminals.map((terminal) => terminal.type(line)))
    t.equal(shown, expected, line)
  }
})
