import t from 'tap'
import { Bot } from '../../cluster/bot.ts'
import { connect, ME } from './lone-node.ts'

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
