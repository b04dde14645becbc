import t from 'tap'
import type { ClusterPort } from '../../lib/commands/cluster-port.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('by patterns, and what patterns find', async (t) => {
  const runner = new CommandRunner()
  runner.runAll(
    'RPUSH l 1 2 3 4',
    'MSET w_1 30 w_2 10 w_3 20',
    'HSET o_1 name one',
    'HSET o_2 name two',
  )
  expectReplies(t, runner, [
    ['SORT l BY w_*', '*4|$1|4|$1|2|$1|3|$1|1|'],
    ['SORT l BY w_* DESC', '*4|$1|1|$1|3|$1|2|$1|4|'],
    ['SORT l BY w_* ALPHA', '*4|$1|4|$1|2|$1|3|$1|1|'],
    ['SORT l BY w_* LIMIT 1 2', '*2|$1|2|$1|3|'],
    ['SORT l BY o_*->name ALPHA DESC LIMIT 0 2', '*2|$1|2|$1|1|'],
    ['SORT l BY o_*->name', "-ERR One or more scores can't be converted into double|"],
    ['SORT l BY nosort GET o_*->name GET #', '*8|$3|one|$1|1|$3|two|$1|2|$-1|$1|3|$-1|$1|4|'],
    ['SORT l DESC LIMIT 0 1 GET w_* GET w_3 GET nothing', '*3|$-1|$-1|$-1|'],
    ['SORT l GET o_*->name STORE out', ':4|'],
    ['LRANGE out 0 -1', '*4|$3|one|$3|two|$0||$0||'],
    ['SORT_RO l BY w_* GET w_*', '*4|$-1|$2|10|$2|20|$2|30|'],
  ])
})

t.test('a cluster refuses patterns', async (t) => {
  const runner = new CommandRunner({ ports: { cluster: {} as ClusterPort } })
  runner.run('RPUSH l 2 1')
  expectReplies(t, runner, [
    ['SORT l BY w_*', '-ERR BY option of SORT denied in Cluster mode.|'],
    ['SORT l GET #', '-ERR GET option of SORT denied in Cluster mode.|'],
    ['SORT l BY nosort', '*2|$1|2|$1|1|'],
    ['SORT_RO l', '*2|$1|1|$1|2|'],
  ])
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = new CommandRunner()
  const effect = (line: string) => runner.effectOf(line)
  runner.run('RPUSH l 2 1')
  t.same(effect('SORT l'), [[], 0, []])
  t.same(effect('SORT l STORE o'), [['n new o', 'l sortstore o'], 2, ['SORT l STORE o']])
  t.same(effect('SORT l STORE l'), [['l sortstore l'], 2, ['SORT l STORE l']])
  t.same(effect('SORT none STORE o'), [['m keymiss none', 'g del o'], 1, ['SORT none STORE o']])
  t.same(effect('SORT none STORE o'), [['m keymiss none'], 0, []])
})

t.test('a sorted set has an order of its own, and is a skiplist from then on', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['ZADD z 1 30 2 10 3 20', ':3|'],
    ['SORT z BY nosort DESC', '*3|$2|20|$2|10|$2|30|'],
    ['OBJECT ENCODING z', '$8|skiplist|'],
    ['SORT z', '*3|$2|10|$2|20|$2|30|'],
    ['SORT z BY nosort STORE l', ':3|'],
    ['LRANGE l 0 -1', '*3|$2|30|$2|10|$2|20|'],
  ])
})

t.test('from 7.4 on patterns that keep to the slot are for a cluster, too', async (t) => {
  const runner = new CommandRunner({ version: '7.4', ports: { cluster: {} as ClusterPort } })
  runner.runAll('RPUSH {k}l 1 2', 'MSET {k}w1 9 {k}w2 8')
  const denied = (option: string) =>
    `-ERR ${option} option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.|`
  expectReplies(t, runner, [
    ['SORT {k}l BY {k}w* GET {k}w* GET #', '*4|$1|8|$1|2|$1|9|$1|1|'],
    ['SORT {k}l BY {j}w*', denied('BY')],
    ['SORT {k}l BY w*', denied('BY')],
    ['SORT {k}l GET w*', denied('GET')],
    ['SORT {k}l GET nowhere', denied('GET')],
  ])
})
