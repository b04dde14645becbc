import t from 'tap'
import { describeInfo } from '../../../lib/node/info/info.ts'
import { nodeFacts } from '../../support/node-facts.ts'

/** Titles of the sections in a text. */
function titles(text: string): string[] {
  return [...text.matchAll(/^# (\w+)\r$/gm)].map(([, title]) => title ?? '')
}

const ALL = [
  ...['Server', 'Clients', 'Memory', 'Persistence', 'Stats', 'Replication', 'CPU', 'Modules'],
  ...['Commandstats', 'Errorstats', 'Latencystats', 'Cluster', 'Keyspace'],
]
const DEFAULT = ALL.filter((title) => title !== 'Commandstats' && title !== 'Latencystats')

t.test('sections in their own order, each once', async (t) => {
  const facts = nodeFacts()
  const table: [names: string[], expected: string[]][] = [
    [[], DEFAULT],
    [['default'], DEFAULT],
    [['all'], ALL],
    [['everything'], ALL],
    [['default', 'commandstats'], ALL.filter((title) => title !== 'Latencystats')],
    [
      ['keyspace', 'server', 'keyspace'],
      ['Server', 'Keyspace'],
    ],
    [['module_list'], ['Modules']],
    [['nosuch'], []],
    [[''], []],
    [['nosuch', 'cluster'], ['Cluster']],
  ]
  for (const [names, expected] of table) {
    t.same(titles(describeInfo(facts, names)), expected, names.join(' '))
  }
})

t.test('lines end in CRLF, an empty line parts sections', async (t) => {
  const facts = nodeFacts()
  t.equal(
    describeInfo(facts, ['cluster', 'keyspace']),
    '# Cluster\r\ncluster_enabled:1\r\n\r\n# Keyspace\r\ndb0:keys=3,expires=1,avg_ttl=1235\r\n',
  )
  t.equal(describeInfo(facts, ['modules']), '# Modules\r\n')
  t.equal(describeInfo(facts, ['nosuch']), '')
  t.equal(
    describeInfo(nodeFacts({ clusterEnabled: false }), ['cluster']),
    '# Cluster\r\ncluster_enabled:0\r\n',
  )
  t.equal(
    describeInfo(facts, ['replication']),
    '# Replication\r\nrole:master\r\nconnected_slaves:0\r\n',
  )
})

t.test('only what is asked for is looked up', async (t) => {
  const facts = nodeFacts({
    memory: () => {
      throw new Error('not asked for')
    },
  })
  t.match(describeInfo(facts, ['server', 'stats']), /redis_mode:cluster/)
  t.throws(() => describeInfo(facts, []), { message: 'not asked for' })
})
