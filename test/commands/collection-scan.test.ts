import t from 'tap'
import { scanning } from '../../lib/commands/collection-scan.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('every command that scans is declared alike', async (t) => {
  const declared = scanning(
    { name: 'XSCAN', group: 'set', summary: '', categories: ['set'] },
    (db, name) => db.readSet(name),
  )
  t.match(declared, { name: 'XSCAN', arity: -3, firstKey: 1, lastKey: 1, isReadonly: true })
})

t.test('options are read only where there is something to scan', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('HSET h f v g w', 'SADD s f g', 'ZADD z 1 f 2 g')
  expectReplies(t, runner, [
    ['HSCAN h 0 MATCH g', '*2|$1|0|*2|$1|g|$1|w|'],
    ['SSCAN s 0 MATCH g', '*2|$1|0|*1|$1|g|'],
    ['ZSCAN z 0 MATCH g', '*2|$1|0|*2|$1|g|$1|2|'],
    ['ZSCAN z 0 NONSENSE', '-ERR syntax error|'],
    ['ZSCAN none 0 NONSENSE', '*2|$1|0|*0|'],
    ['ZSCAN z x', '-ERR invalid cursor|'],
    ['ZSCAN none x', '-ERR invalid cursor|'],
  ])
})
