/** Keys as commands: the words are those redis-server 7.0.15 writes, and run again they make the same data. */
import t from 'tap'
import { commandsOf } from '../../lib/aof/rewriting.ts'
import { recordOf } from '../../lib/keyspace/snapshot.ts'
import { CommandRunner } from '../support/command-runner.ts'

function commands(runner: CommandRunner, key: string): string[] {
  const value = runner.db.read(key)
  if (value === undefined) throw new Error(`no ${key}`)
  const record = { key, value: recordOf(value), expiryMs: runner.db.expiryOf(key) }
  return Array.from(commandsOf(record), (argv) => argv.join(' '))
}

t.test('one command or more of each type', async (t) => {
  const runner = new CommandRunner()
  runner.runAll(
    'SET s v',
    'PEXPIREAT s 4000000000000',
    'RPUSH l a b',
    'SADD set a 2',
    'ZADD z 2.5 b 1 a 3 c',
    'HSET h f v g w',
    'XADD st 1-1 f v',
    'XADD st 2-1 g v',
    'XADD st 3-1 g v',
    'XGROUP CREATE st g 0',
    'XGROUP CREATECONSUMER st g bob',
    'XADD empty 5-5 a b',
    'XDEL empty 5-5',
  )
  const { now } = runner.clock
  runner.runAll('XREADGROUP GROUP g alice COUNT 1 STREAMS st >', 'XDEL st 2-1')
  t.same(commands(runner, 's'), ['SET s v', 'PEXPIREAT s 4000000000000'])
  t.same(commands(runner, 'l'), ['RPUSH l a b'])
  t.same(commands(runner, 'set'), ['SADD set a 2'])
  t.same(commands(runner, 'z'), ['ZADD z 1 a 2.5 b 3 c'])
  t.same(commands(runner, 'h'), ['HMSET h f v g w'])
  t.same(commands(runner, 'st'), [
    'XADD st 1-1 f v',
    'XADD st 3-1 g v',
    'XSETID st 3-1 ENTRIESADDED 3 MAXDELETEDID 2-1',
    'XGROUP CREATE st g 1-1 ENTRIESREAD 1',
    `XCLAIM st g alice 0 1-1 TIME ${now} RETRYCOUNT 1 JUSTID FORCE`,
    'XGROUP CREATECONSUMER st g bob',
  ])
  t.same(commands(runner, 'empty'), [
    'XADD empty MAXLEN 0 0-1 x y',
    'XSETID empty 5-5 ENTRIESADDED 1 MAXDELETEDID 5-5',
  ])
})

t.test('a large collection is told in parts', async (t) => {
  const runner = new CommandRunner()
  const members = Array.from({ length: 130 }, (_, i) => `m${i}`)
  runner.run(`RPUSH l ${members.join(' ')}`)
  t.same(
    commands(runner, 'l').map((line) => line.split(' ').length - 2),
    [64, 64, 2],
  )
  runner.run(`HSET h ${members.map((member) => `${member} v`).join(' ')}`)
  t.same(
    commands(runner, 'h').map((line) => line.split(' ').length - 2),
    [128, 128, 4],
  )
  runner.run(`RPUSH exact ${members.slice(0, 64).join(' ')}`)
  t.equal(commands(runner, 'exact').length, 1)
})

t.test('fields that end', async (t) => {
  const runner = new CommandRunner({ version: '7.4' })
  runner.runAll('HSET h a 1 b 2', 'HPEXPIREAT h 4000000000000 FIELDS 1 b')
  t.same(commands(runner, 'h'), ['HMSET h b 2 a 1', 'HPEXPIREAT h 4000000000000 FIELDS 1 b'])
})
