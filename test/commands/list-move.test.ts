import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

t.test('an element moves from list to list', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['RPUSH a 1 2 3', ':3|'],
    ['LMOVE a b LEFT right', '$1|1|'],
    ['LMOVE a b RIGHT RIGHT', '$1|3|'],
    ['RPOPLPUSH a b', '$1|2|'],
    ['LRANGE b 0 -1', '*3|$1|2|$1|1|$1|3|'],
    ['EXISTS a', ':0|'],
    ['LMOVE a b LEFT LEFT', '$-1|'],
    ['RPOPLPUSH a b', '$-1|'],
    ['RPOPLPUSH b b', '$1|3|'],
    ['LMOVE b b LEFT LEFT', '$1|3|'],
    ['LRANGE b 0 -1', '*3|$1|3|$1|2|$1|1|'],
    ['LMOVE b c UP LEFT', '-ERR syntax error|'],
    ['LMOVE b c LEFT DOWN', '-ERR syntax error|'],
    ['SET s text', '+OK|'],
    ['LMOVE s c LEFT LEFT', wrong],
    ['LMOVE b s LEFT LEFT', wrong],
    ['LMOVE none s LEFT LEFT', '$-1|'],
    ['LLEN b', ':3|'],
  ])
})

t.test('a list of one element may move to itself', async (t) => {
  const runner = new CommandRunner()
  runner.run('RPUSH l a')
  runner.takeEvents()
  t.equal(runner.run('RPOPLPUSH l l'), '$1\r\na\r\n')
  t.same(runner.takeEvents(), ['l lpush l', 'l rpop l'])
  t.equal(runner.run('LLEN l'), ':1\r\n')
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = new CommandRunner()
  runner.run('RPUSH a 1')
  runner.takeEvents()
  runner.takePropagated()
  runner.run('LMOVE a b LEFT RIGHT')
  t.same(runner.takeEvents(), ['n new b', 'l rpush b', 'l lpop a', 'g del a'])
  t.equal(runner.changes.dirty, 2)
  t.same(runner.takePropagated(), [['LMOVE', 'a', 'b', 'LEFT', 'RIGHT']])
})
