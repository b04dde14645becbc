import t from 'tap'
import type { ClientPort } from '../../lib/commands/context.ts'
import { Bot } from '../cluster/bot.ts'
import { setStage } from '../cluster/stage.ts'
import { CommandRunner } from '../support/command-runner.ts'

const ME = 'm'.repeat(40)

/** A client of a node alone in its cluster. */
function connect() {
  const set = setStage()
  const client = { asking: false, readonlyMode: false } as unknown as ClientPort
  const runner = new CommandRunner({ ports: { cluster: set.machine, client } })
  const settle = () => {
    set.stage.effects.push(...set.machine.drain())
  }
  return { ...set, runner, client, settle }
}

t.test('a standalone node has no cluster commands', async (t) => {
  const runner = new CommandRunner()
  for (const line of ['CLUSTER INFO', 'CLUSTER HELP', 'ASKING', 'READONLY', 'READWRITE']) {
    t.equal(runner.run(line), '-ERR This instance has cluster support disabled\r\n', line)
  }
})

t.test('words and their number', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('CLUSTER'), "-ERR wrong number of arguments for 'cluster' command\r\n")
  t.equal(runner.run('CLUSTER FOO'), "-ERR unknown subcommand 'FOO'. Try CLUSTER HELP.\r\n")
  t.equal(
    runner.run('cluster MEET'),
    "-ERR wrong number of arguments for 'cluster|meet' command\r\n",
  )
  for (const line of [
    'CLUSTER Meet 127.0.0.1 5 6 7',
    'CLUSTER Failover a b',
    'CLUSTER Reset a b',
  ]) {
    const word = line.split(' ')[1]
    t.equal(
      runner.run(line),
      `-ERR unknown subcommand or wrong number of arguments for '${word}'. Try CLUSTER HELP.\r\n`,
    )
  }
})

t.test('HELP names every subcommand', async (t) => {
  const { runner } = connect()
  const lines = runner.run('CLUSTER HELP').split('\r\n')
  t.equal(lines[1], '+CLUSTER <subcommand> [<arg> [value] [opt] ...]. Subcommands are:')
  t.same(lines.slice(-3), ['+HELP', '+    Prints this help.', ''])
  for (const word of ['NODES', 'SETSLOT', 'FAILOVER', 'LINKS', 'SHARDS']) {
    t.ok(lines.some((line) => line.startsWith(`+${word}`)))
  }
})

t.test('NODES and INFO are verbatim texts', async (t) => {
  const { runner, machine } = connect()
  const text = machine.describeNodes()
  t.equal(runner.run('CLUSTER NODES'), `$${text.length}\r\n${text}\r\n`)
  runner.protocol = 3
  t.equal(runner.run('CLUSTER NODES'), `=${text.length + 4}\r\ntxt:${text}\r\n`)
  const info = machine.describeInfo()
  t.equal(runner.run('CLUSTER INFO'), `=${info.length + 4}\r\ntxt:${info}\r\n`)
})

t.test('MYID, MYSHARDID, KEYSLOT', async (t) => {
  const { runner, stage, machine, settle } = connect()
  t.equal(runner.run('CLUSTER MYID'), `$40\r\n${ME}\r\n`)
  t.equal(runner.run('CLUSTER MYSHARDID'), `$40\r\n${ME}\r\n`)
  const bot = new Bot(stage, 1).join()
  machine.replicate(bot.id)
  settle()
  t.equal(runner.run('CLUSTER MYSHARDID'), `$40\r\n${bot.id}\r\n`, 'that of its master')
  for (const [key, slot] of [
    ['key:{10}:111', 247],
    ['key:{test}:111', 6918],
    ['key:{hu}:111', 11_441],
    ['foo', 12_182],
    ['', 0],
  ] as const) {
    t.equal(runner.run(`CLUSTER KEYSLOT "${key}"`), `:${slot}\r\n`)
  }
})

t.test('COUNTKEYSINSLOT and GETKEYSINSLOT', async (t) => {
  const { runner } = connect()
  runner.runAll('SET {a}1 x', 'SET {a}2 x', 'SET {a}3 x', 'SET b x')
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT 15495'), ':3\r\n')
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT 1'), ':0\r\n')
  t.equal(
    runner.run('CLUSTER GETKEYSINSLOT 15495 2'),
    '*2\r\n$4\r\n{a}3\r\n$4\r\n{a}2\r\n',
    'the newest first',
  )
  t.equal(runner.run('CLUSTER GETKEYSINSLOT 15495 0'), '*0\r\n')
  const notInteger = '-ERR value is not an integer or out of range\r\n'
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT x'), notInteger)
  t.equal(runner.run('CLUSTER COUNTKEYSINSLOT 16384'), '-ERR Invalid slot\r\n')
  t.equal(runner.run('CLUSTER GETKEYSINSLOT x 1'), notInteger)
  t.equal(runner.run('CLUSTER GETKEYSINSLOT 1 x'), notInteger)
  t.equal(runner.run('CLUSTER GETKEYSINSLOT 1 -1'), '-ERR Invalid slot or number of keys\r\n')
})

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

t.test('MEET', async (t) => {
  const { runner, machine } = connect()
  for (const [words, error] of [
    ['1 2', 'Invalid node address specified: 1:2'],
    ['127.0.0.1 x', 'Invalid TCP base port specified: x'],
    ['127.0.0.1 5 x', 'Invalid TCP bus port specified: x'],
    ['127.0.0.1 0', 'Invalid node address specified: 127.0.0.1:0'],
    ['127.0.0.1 60000', 'Invalid node address specified: 127.0.0.1:60000'],
    ['127.0.0.1 70000 5', 'Invalid node address specified: 127.0.0.1:70000'],
  ] as const) {
    t.equal(runner.run(`CLUSTER MEET ${words}`), `-ERR ${error}\r\n`, words)
  }
  t.equal(runner.run('CLUSTER MEET 127.0.0.1 7001'), '+OK\r\n')
  t.equal(runner.run('CLUSTER MEET 127.0.0.1 7002 9'), '+OK\r\n')
  t.match(machine.describeNodes(), '127.0.0.1:7001@17001 handshake')
  t.match(machine.describeNodes(), '127.0.0.1:7002@9 handshake')
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

t.test('epochs', async (t) => {
  const { runner } = connect()
  t.equal(runner.run('CLUSTER SET-CONFIG-EPOCH -1'), '-ERR Invalid config epoch specified: -1\r\n')
  t.equal(
    runner.run('CLUSTER SET-CONFIG-EPOCH x'),
    '-ERR value is not an integer or out of range\r\n',
  )
  t.equal(runner.run('cluster set-config-epoch 3'), '+OK\r\n')
  t.equal(
    runner.run('CLUSTER SET-CONFIG-EPOCH 4'),
    '-ERR Node config epoch is already non-zero\r\n',
  )
  t.equal(runner.run('CLUSTER BUMPEPOCH'), '+STILL 3\r\n')
})

t.test('FAILOVER, RESET, FORGET, REPLICATE and what else names a node', async (t) => {
  const { runner, stage, machine, settle } = connect()
  const bot = new Bot(stage, 1).join()
  t.equal(runner.run('CLUSTER FAILOVER foo'), '-ERR syntax error\r\n')
  t.equal(runner.run('CLUSTER FAILOVER'), '-ERR You should send CLUSTER FAILOVER to a replica\r\n')
  t.equal(runner.run('CLUSTER RESET foo'), '-ERR syntax error\r\n')
  for (const word of ['FORGET', 'REPLICAS', 'SLAVES', 'REPLICATE', 'COUNT-FAILURE-REPORTS']) {
    t.equal(runner.run(`CLUSTER ${word} x`), '-ERR Unknown node x\r\n', word)
  }
  t.equal(runner.run(`CLUSTER COUNT-FAILURE-REPORTS ${bot.id}`), ':0\r\n')
  t.equal(runner.run(`CLUSTER REPLICATE ${bot.id}`), '+OK\r\n')
  settle()
  const line = machine.describeReplicas(bot.id)[0] ?? ''
  t.equal(runner.run(`CLUSTER REPLICAS ${bot.id}`), `*1\r\n$${line.length}\r\n${line}\r\n`)
  t.equal(runner.run(`CLUSTER SLAVES ${bot.id}`), `*1\r\n$${line.length}\r\n${line}\r\n`)
  t.equal(runner.run('CLUSTER FAILOVER takeover'), '+OK\r\n')
  t.equal(machine.role, 'master')
  t.equal(runner.run(`CLUSTER FORGET ${bot.id}`), '+OK\r\n')
  t.equal(runner.run('CLUSTER RESET hard'), '+OK\r\n')
  t.not(machine.myId, ME)
  t.equal(runner.run('CLUSTER SAVECONFIG'), '+OK\r\n')
  settle()
  t.match(stage.effectsOf('save').at(-1), { sync: true })
})

t.test('SLOTS in RESP2 and RESP3', async (t) => {
  const { runner, stage, settings } = connect()
  new Bot(stage, 1).ping()
  runner.run('CLUSTER ADDSLOTS 5 6')
  const node = `$8\r\n10.0.0.1\r\n:7000\r\n$40\r\n${ME}\r\n`
  t.equal(runner.run('CLUSTER SLOTS'), `*1\r\n*3\r\n:5\r\n:6\r\n*4\r\n${node}*0\r\n`)
  runner.protocol = 3
  t.equal(runner.run('CLUSTER SLOTS'), `*1\r\n*3\r\n:5\r\n:6\r\n*4\r\n${node}%0\r\n`)
  settings.preferredEndpointType = 'unknown-endpoint'
  t.ok(
    runner
      .run('CLUSTER SLOTS')
      .endsWith(`*4\r\n_\r\n:7000\r\n$40\r\n${ME}\r\n%1\r\n$2\r\nip\r\n$8\r\n10.0.0.1\r\n`),
  )
})

t.test('SHARDS in RESP2 and RESP3', async (t) => {
  const { runner } = connect()
  runner.run('CLUSTER ADDSLOTS 5 6 9')
  const fields = [
    `$2\r\nid\r\n$40\r\n${ME}\r\n`,
    '$4\r\nport\r\n:7000\r\n',
    '$2\r\nip\r\n$0\r\n\r\n',
    '$8\r\nendpoint\r\n$0\r\n\r\n',
    '$4\r\nrole\r\n$6\r\nmaster\r\n',
    '$18\r\nreplication-offset\r\n:0\r\n',
    '$6\r\nhealth\r\n$6\r\nonline\r\n',
  ].join('')
  const slots = '$5\r\nslots\r\n*4\r\n:5\r\n:6\r\n:9\r\n:9\r\n$5\r\nnodes\r\n*1\r\n'
  t.equal(runner.run('CLUSTER SHARDS'), `*1\r\n*4\r\n${slots}*14\r\n${fields}`)
  runner.protocol = 3
  t.equal(runner.run('CLUSTER SHARDS'), `*1\r\n%2\r\n${slots}%7\r\n${fields}`)
})

t.test('LINKS is a map per link', async (t) => {
  const { runner, stage, machine } = connect()
  t.equal(runner.run('CLUSTER LINKS'), '*0\r\n')
  const bot = new Bot(stage, 1).join()
  runner.protocol = 3
  const reply = runner.run('CLUSTER LINKS')
  const { createdMs } = machine.node(bot.id)!.outbound!
  const to = [
    '$9\r\ndirection\r\n$2\r\nto\r\n',
    `$4\r\nnode\r\n$40\r\n${bot.id}\r\n`,
    `$11\r\ncreate-time\r\n:${createdMs}\r\n`,
    '$6\r\nevents\r\n$1\r\nr\r\n',
    '$21\r\nsend-buffer-allocated\r\n:0\r\n',
    '$16\r\nsend-buffer-used\r\n:0\r\n',
  ].join('')
  t.ok(reply.startsWith(`*2\r\n%6\r\n${to}%6\r\n$9\r\ndirection\r\n$4\r\nfrom\r\n`))
})

t.test('ASKING, READONLY and READWRITE are remembered', async (t) => {
  const { runner, client } = connect()
  t.equal(runner.run('ASKING'), '+OK\r\n')
  t.ok(client.asking)
  t.equal(runner.run('READONLY'), '+OK\r\n')
  t.ok(client.readonlyMode)
  t.equal(runner.run('READWRITE'), '+OK\r\n')
  t.notOk(client.readonlyMode)
})
