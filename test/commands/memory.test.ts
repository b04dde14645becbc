/** MEMORY: figures of keys and of the node, and what is wrong to ask. */
import t from 'tap'
import type { MemoryPort } from '../../lib/commands/context.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('the memory of a key is that of its name, its entry and its value', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET k v', 'SET kkkkkkkkkkkkkkkk v', 'SET i 123', 'RPUSH l a b', 'SET x v PX 10')
  expectReplies(t, runner, [
    ['MEMORY USAGE k', ':64|'],
    ['MEMORY USAGE kkkkkkkkkkkkkkkk', ':88|'],
    ['MEMORY USAGE i', ':48|'],
    ['MEMORY USAGE l', ':144|'],
    ['MEMORY USAGE l SAMPLES 0 samples 3', ':144|'],
    ['MEMORY USAGE x', ':64|'],
    ['MEMORY USAGE nosuch', '$-1|'],
  ])
  runner.clock.now += 11
  expectReplies(t, runner, [
    ['MEMORY USAGE x', '$-1|'],
    ['MEMORY USAGE k SAMPLES', '-ERR syntax error|'],
    ['MEMORY USAGE k SAMPLE 1', '-ERR syntax error|'],
    ['MEMORY USAGE k SAMPLES -1', '-ERR syntax error|'],
    ['MEMORY USAGE k SAMPLES x', '-ERR value is not an integer or out of range|'],
    ['MEMORY USAGE nosuch SAMPLES x', '-ERR value is not an integer or out of range|'],
    ['MEMORY', "-ERR wrong number of arguments for 'memory' command|"],
  ])
  t.equal(runner.stats.hits + runner.stats.misses, 0, 'looking is not reading')
})

let purges = 0
const memory: MemoryPort = {
  stats: () => [
    ['total.allocated', 5],
    ['db.0', [['overhead.hashtable.main', 7]]],
    ['fragmentation', { ratio: 1.5 }],
  ],
  report: () => 'all well',
  allocator: () => 'a heap',
  purge: () => {
    purges++
  },
}

t.test('the node tells of itself', async (t) => {
  const runner = new CommandRunner({ ports: { server: { memory } as never } })
  expectReplies(t, runner, [
    [
      'MEMORY STATS',
      '*6|$15|total.allocated|:5|$4|db.0|*2|$23|overhead.hashtable.main|:7|$13|fragmentation|$3|1.5|',
    ],
    ['MEMORY DOCTOR', '$8|all well|'],
    ['MEMORY MALLOC-STATS', '$6|a heap|'],
    ['MEMORY PURGE', '+OK|'],
  ])
  t.equal(purges, 1)
  runner.protocol = 3
  t.match(runner.run('MEMORY STATS'), /^%3\r\n.*%1\r\n.*,1\.5\r\n$/s)
})
