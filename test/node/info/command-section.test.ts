import t from 'tap'
import { Version } from '../../../lib/base/version.ts'
import { CommandTable } from '../../../lib/commands/table.ts'
import {
  commandsSection,
  errorsSection,
  keyspaceSection,
  latenciesSection,
} from '../../../lib/node/info/command-section.ts'

t.test('a line for each command that was called or refused', async (t) => {
  const table = new CommandTable(new Version('7.0'))
  t.same(commandsSection(table.all()), [])
  const get = table.find('get')
  const set = table.find('set')
  const configGet = table.resolve(['config', 'get'])
  if (get === undefined || set === undefined || configGet === undefined) throw new Error('missing')
  Object.assign(get.stats, { calls: 3, microseconds: 4.6, failed: 1 })
  Object.assign(set.stats, { rejected: 2 })
  Object.assign(configGet.stats, { calls: 2, microseconds: 266 })
  t.same(commandsSection(table.all()).sort(), [
    'cmdstat_config|get:calls=2,usec=266,usec_per_call=133.00,rejected_calls=0,failed_calls=0',
    'cmdstat_get:calls=3,usec=5,usec_per_call=1.67,rejected_calls=0,failed_calls=1',
    'cmdstat_set:calls=0,usec=0,usec_per_call=0.00,rejected_calls=2,failed_calls=0',
  ])
})

t.test('errors in order of their words', async (t) => {
  t.same(
    errorsSection([
      ['MOVED', 2],
      ['ERR', 10],
    ]),
    ['errorstat_ERR:count=10', 'errorstat_MOVED:count=2'],
  )
})

t.test('latencies', async (t) => {
  t.same(
    latenciesSection([
      {
        fullName: 'config|get',
        percentiles: [
          ['50', 123.391],
          ['99.9', 7],
        ],
      },
    ]),
    ['latency_percentiles_usec_config|get:p50=123.391,p99.9=7.000'],
  )
})

t.test('databases that hold keys', async (t) => {
  t.same(
    keyspaceSection([
      { index: 0, keys: 3, expiring: 1, averageTtlMs: 1234.5 },
      { index: 1, keys: 0, expiring: 0, averageTtlMs: 0 },
    ]),
    ['db0:keys=3,expires=1,avg_ttl=1235'],
  )
})
