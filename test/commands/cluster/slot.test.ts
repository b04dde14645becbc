import t from 'tap'
import { Bot } from '../../cluster/bot.ts'
import { connect } from './lone-node.ts'

t.test('ADDSLOTS and DELSLOTS read all slots first', async (t) => {
  const { runner, machine } = connect()
  const invalid = '-ERR Invalid or out of range slot\r\n'
  t.equal(runner.run('CLUSTER ADDSLOTS 5 6'), '+OK\r\n')
  for (const line of ['ADDSLOTS 5 x', 'ADDSLOTS -1', 'ADDSLOTS 16384', 'DELSLOTS 1 x']) {
    t.equal(runner.run(`CLUSTER ${line}`), invalid, line)
  }
  t.equal(runner.run('CLUSTER ADDSLOTS 5'), '-ERR Slot 5 is already busy\r\n')
  t.equal(runner.run('CLUSTER ADDSLOTS 7 7'), '-ERR Slot 7 specified multiple times\r\n')
  t.equal(runner.run('CLUSTER DELSLOTS 1'), '-ERR Slot 1 is already unassigned\r\n')
  t.equal(runner.run('CLUSTER DELSLOTS 5'), '+OK\r\n')
  t.equal(machine.record().slotsAssigned, 1)
})

t.test('ADDSLOTS takes a whole third of the slots in one command', async (t) => {
  const { runner, machine } = connect()
  const slots = Array.from({ length: 5462 }, (_, i) => i).join(' ')
  t.equal(runner.run(`CLUSTER ADDSLOTS ${slots}`), '+OK\r\n')
  t.equal(machine.record().slotsAssigned, 5462)
})

t.test('ADDSLOTSRANGE and DELSLOTSRANGE read ranges in turn', async (t) => {
  const { runner, machine } = connect()
  runner.run('CLUSTER ADDSLOTS 5')
  for (const [words, error] of [
    ['ADDSLOTSRANGE 1 2 3', "wrong number of arguments for 'cluster|addslotsrange' command"],
    ['DELSLOTSRANGE 1 2 3', "wrong number of arguments for 'cluster|delslotsrange' command"],
    ['ADDSLOTSRANGE 1 6 x 9', 'Slot 5 is already busy'],
    ['ADDSLOTSRANGE 9 8 x 9', 'start slot number 9 is greater than end slot number 8'],
    ['ADDSLOTSRANGE 10 12 12 13', 'Slot 12 specified multiple times'],
    ['ADDSLOTSRANGE 10 12 14 x', 'Invalid or out of range slot'],
    ['DELSLOTSRANGE 5 5 x 3', 'Invalid or out of range slot'],
    ['DELSLOTSRANGE 5 6', 'Slot 6 is already unassigned'],
  ] as const) {
    t.equal(runner.run(`CLUSTER ${words}`), `-ERR ${error}\r\n`, words)
  }
  t.equal(runner.run('CLUSTER ADDSLOTSRANGE 0 4 6 9'), '+OK\r\n')
  t.equal(runner.run('CLUSTER DELSLOTSRANGE 0 2'), '+OK\r\n')
  t.equal(machine.record().slotsAssigned, 7)
  t.equal(runner.run('CLUSTER FLUSHSLOTS'), '+OK\r\n')
  t.equal(machine.record().slotsAssigned, 0)
})

t.test('SETSLOT', async (t) => {
  const { runner, stage, machine, settle } = connect()
  const bot = new Bot(stage, 1).claim(1, [9]).join()
  runner.run('CLUSTER ADDSLOTS 5')
  const bad = 'Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP'
  for (const [words, error] of [
    ['1', "wrong number of arguments for 'cluster|setslot' command"],
    ['x foo', 'Invalid or out of range slot'],
    ['1 foo', bad],
    ['1 node', bad],
    ['1 stable x', bad],
    ['6 migrating xx', "I'm not the owner of hash slot 6"],
    ['5 migrating xx', "I don't know about node xx"],
    ['5 importing xx', "I'm already the owner of hash slot 5"],
    ['6 node xx', 'Unknown node xx'],
  ] as const) {
    t.equal(runner.run(`CLUSTER SETSLOT ${words}`), `-ERR ${error}\r\n`, words)
  }
  t.equal(runner.run(`CLUSTER SETSLOT 5 MIGRATING ${bot.id}`), '+OK\r\n')
  t.equal(runner.run(`CLUSTER SETSLOT 9 importing ${bot.id}`), '+OK\r\n')
  t.ok(machine.isMigrating(5) && machine.isImporting(9))
  t.equal(runner.run('CLUSTER SETSLOT 9 STABLE'), '+OK\r\n')
  t.equal(runner.run(`CLUSTER SETSLOT 5 NODE ${bot.id}`), '+OK\r\n')
  t.equal(machine.ownerOf(5), bot.id)
  settle()
  t.equal(machine.role, 'replica', 'it gave away its last slot')
  t.equal(
    runner.run('CLUSTER SETSLOT x foo'),
    '-ERR Please use SETSLOT only with masters.\r\n',
    'before anything else',
  )
})
