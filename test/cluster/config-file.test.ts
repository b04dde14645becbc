import t from 'tap'
import { CorruptConfigError, parseConfig } from '../../lib/cluster/config-file.ts'
import { formCluster, Network } from './network.ts'
import { setStage } from './stage.ts'

const ME = '1'.repeat(40)
const OTHER = '2'.repeat(40)
const THIRD = '3'.repeat(40)
const VARS = 'vars currentEpoch 0 lastVoteEpoch 0\n'

function restoredFrom(text: string) {
  return setStage({ restored: parseConfig(text) }).machine
}

t.test('a blank node saves itself at once, with fsync, and says who it is', async (t) => {
  const { stage, machine } = setStage()
  t.same(stage.effects[0], { type: 'save', sync: true })
  t.equal(
    machine.describeConfig(),
    `${'m'.repeat(40)} :7000@17000 myself,master - 0 0 0 connected\n${VARS}`,
  )
  t.ok(stage.logged(`No cluster configuration found, I'm ${machine.myId}`))
})

t.test('handshakes are not saved', async (t) => {
  const { machine } = setStage()
  machine.meet({ ip: '127.0.0.1', port: 1, busPort: 2 })
  t.notMatch(machine.describeConfig(), 'handshake')
})

t.test('what a cluster saved reads back to the same lines', async (t) => {
  const network = new Network('round trip')
  const nodes = formCluster(network, 3, 1)
  network.tell(nodes[0]!, (machine) => machine.setSlotMigrating(5, nodes[1]!.id))
  network.tell(nodes[0]!, (machine) => machine.setSlotImporting(9000, nodes[1]!.id))
  network.run(1000)
  const withoutTimes = (text: string) =>
    text.replace(/ \d+ \d+ (\d+) (connected|disconnected)/g, ' $1').split('\n')
  for (const node of nodes) {
    const saved = node.machine.describeConfig()
    const config = parseConfig(saved)
    const { machine, stage } = setStage({ restored: config })
    const restored = machine
      .describeConfig()
      .replace(':7000@17000', `:${node.port}@${node.port + 10_000}`)
    t.same(withoutTimes(restored), withoutTimes(saved))
    t.equal(machine.myId, node.id)
    t.ok(stage.logged(`Node configuration loaded, I'm ${node.id}`))
  }
})

t.test(
  'the vars line may be anywhere, unknown variables are skipped, blank lines too',
  async (t) => {
    const { stage, machine } = setStage({
      restored: parseConfig(
        `vars lastVoteEpoch 3 colour 5 currentEpoch 7\n\n${ME} :0@0 myself,master - 0 0 0 connected\n`,
      ),
    })
    t.equal(machine.record().currentEpoch, 7)
    t.match(machine.describeConfig(), 'vars currentEpoch 7 lastVoteEpoch 3\n')
    t.ok(stage.logged("Skipping unknown cluster config variable 'colour'"))
  },
)

t.test('an address without bus port, with a hostname, with what later versions add', async (t) => {
  const machine = restoredFrom(
    [
      `${ME} :0@0 myself,master - 0 0 0 connected`,
      `${OTHER} 1.2.3.4:99,host.example,tls-port=0,shard-id=${ME} slave,fail?,nofailover ${THIRD} 1 1 7 connected 3-1 4-`,
      `${THIRD} ::1:7@8 master - 0 0 5 connected 1 5-8`,
      VARS,
    ].join('\n'),
  )
  t.match(machine.node(OTHER), {
    ip: '1.2.3.4',
    port: 99,
    busPort: 10_099,
    hostname: 'host.example',
    flags: 2 | 4 | 512,
    configEpoch: 0,
    slotCount: 0,
  })
  t.match(machine.node(THIRD), { ip: '::1', port: 7, busPort: 8, slotCount: 5 })
  t.equal(machine.node(OTHER)?.master, machine.node(THIRD))
})

t.test('what cannot be understood is refused as a whole', async (t) => {
  const mine = `${ME} :0@0 myself,master - 0 0 0 connected`
  for (const text of [
    '',
    VARS,
    `${ME} :0@0 myself,master - 0 0 0\n`,
    `${ME} :0@0 myself,mistress - 0 0 0 connected\n`,
    `${ME} :0@0 master - 0 0 0 connected\n`,
    `zz! :0@0 myself,master - 0 0 0 connected\n`,
    `${ME} 127.0.0.1 myself,master - 0 0 0 connected\n`,
    `${mine} 16384\n`,
    `${mine} [9->-zz]\n`,
    `${mine} [9>${OTHER}]\n`,
    `${mine}\nvars currentEpoch\n`,
    `"${mine}\n`,
  ]) {
    t.throws(() => parseConfig(text), CorruptConfigError, text)
  }
})
