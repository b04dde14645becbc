import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { play } from './run.ts'
import { drawScript, type Step } from './script.ts'

const NODES = 6

t.test('every kind of step comes about and is counted', async (t) => {
  const [left, right] = [
    [0, 3],
    [1, 2, 4, 5],
  ]
  const steps = [
    { type: 'migrate', slot: 100, to: 1 },
    { type: 'migrate', slot: 100, to: 1 },
    { type: 'timeout', timeoutMs: 1000 },
    { type: 'failover', node: 3, mode: 'graceful' },
    { type: 'failover', node: 0, mode: 'takeover' },
    { type: 'failover', node: 0, mode: 'force' },
    { type: 'skew', node: 1, byMs: -100 },
    { type: 'skew', node: 1, byMs: 100 },
    { type: 'slow', left: 0, right: 1, extraMs: 10, forMs: 100 },
    { type: 'loss', left: 0, right: 1, percent: 10, forMs: 100 },
    { type: 'reset', left: 0, right: 1 },
    { type: 'pause', node: 2, forMs: 50 },
    { type: 'cut', left, right, isOneWay: false, forMs: 100 },
    { type: 'cut', left, right, isOneWay: true, forMs: 100 },
    { type: 'replicate', node: 4, master: 2 },
    { type: 'forget', node: 5, other: 4 },
    { type: 'reset-node', node: 5 },
    { type: 'crash', node: 4, kind: 'process', forMs: 100 },
    { type: 'crash', node: 4, kind: 'machine', forMs: 100 },
    { type: 'crash', node: 4, kind: 'disk', forMs: 100 },
    { type: 'pause', node: 1, forMs: 6000 },
    { type: 'migrate', slot: 200, to: 1 },
  ] as const
  const script = steps.map((step, i): Step => ({ atMs: 1000 + i * 500, ...step }))
  const { violation, tally } = play({
    seed: 'kinds',
    run: 0,
    nodes: NODES,
    masters: 3,
    failureDetection: 'timeout',
    script,
  })
  t.equal(violation, undefined)
  t.same(tally.names, [
    'clock set ahead',
    'clock set back',
    'connections reset',
    'crash of disk',
    'crash of machine',
    'crash of process',
    'cut',
    'cut one way',
    'force failover refused',
    'forget',
    'graceful failover',
    'lossy path',
    'migration finished',
    'migration pointless',
    'migration stopped',
    'pause',
    'replicate',
    'reset',
    'slow path',
    'takeover failover',
    'timeout set',
  ])
  t.match(tally.describe(), /crash of disk 1, .*timeout set 6$/)
})

t.test('a script may hold any step', async (t) => {
  const frame = { nodes: NODES, lengthMs: 1000, slots: [1, 2], nodeTimeoutMs: 500 }
  const drawn = drawScript(new Random('kinds'), frame, 500)
  t.same([...new Set(drawn.map(({ type }) => type))].sort(), [
    'crash',
    'cut',
    'failover',
    'forget',
    'loss',
    'migrate',
    'pause',
    'replicate',
    'reset',
    'reset-node',
    'skew',
    'slow',
    'timeout',
  ])
})
