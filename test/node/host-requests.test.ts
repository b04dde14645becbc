/** Commands of the host: who runs them, when they are answered, and what the cluster sees of them meanwhile. */
import t from 'tap'
import { PauseLevel } from '../../lib/node/pause.ts'
import { NodeHarness } from '../support/node-harness.ts'

t.test('the host runs commands as nobody else can, and waits like anybody', async (t) => {
  const harness = new NodeHarness({ config: { requirepass: 'secret' } })
  const reader = harness.connect()
  harness.turn(() =>
    harness.node.holding.pause('failover', PauseLevel.writes, harness.clock.now + 10_000),
  )
  const replies: string[] = []
  const run = (...argv: string[]) =>
    harness.turn(() => harness.node.runForHost([argv], (all) => replies.push(...all)))
  run('DBSIZE')
  t.same(replies.splice(0), [':0\r\n'])
  run('SET', 'k', '1')
  run('FLUSHALL')
  run('PING')
  t.same(replies.splice(0), ['+PONG\r\n'])
  harness.turn(() => harness.node.holding.unpause('failover'))
  t.same(replies, ['+OK\r\n', '+OK\r\n'])
  t.match(harness.type(reader, 'PING'), /^-NOAUTH/)
  t.notMatch(harness.type(reader, 'AUTH secret', 'CLIENT LIST'), /id=0 /, 'it is no client')
})

t.test('commands that belong together are answered together, in their order', async (t) => {
  const harness = new NodeHarness()
  const client = harness.connect()
  let answers: readonly string[] | undefined
  harness.turn(() =>
    harness.node.runForHost([['BLPOP', 'list', '0'], ['SET', 'k', 'v'], ['NOSUCH']], (replies) => {
      answers = replies
    }),
  )
  t.equal(answers, undefined, 'one of them waits')
  t.equal(harness.type(client, 'GET k', 'RPUSH list a'), '$1\r\nv\r\n:1\r\n')
  t.equal(answers?.length, 3)
  t.same(answers?.slice(0, 2), ['*2\r\n$4\r\nlist\r\n$1\r\na\r\n', '+OK\r\n'])
  t.match(answers?.[2], /^-ERR unknown command/)
})

t.test('the cluster hears of commands that belong together when all were run', async (t) => {
  const harness = new NodeHarness({ config: { 'cluster-enabled': 'yes' } })
  const saved: number[] = []
  const save = harness.io.saveClusterConfig.bind(harness.io)
  harness.io.saveClusterConfig = (describe, how) => {
    saved.push(describe().length)
    save(describe, how)
  }
  const commands = ['0', '1', '2'].map((slot) => ['CLUSTER', 'ADDSLOTS', slot])
  harness.turn(() => {
    harness.node.runForHost(commands, (replies) =>
      t.same(replies, ['+OK\r\n', '+OK\r\n', '+OK\r\n']),
    )
    t.equal(saved.length, 1, 'they are kept before they are answered')
  })
})
