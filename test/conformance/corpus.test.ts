/**
 * The written corpus: families of commands said to a real server and to one of our nodes, each a cluster of one master,
 * then to clusters of three masters and three replicas; in both protocols. ONLY=<text> plays the scenarios whose name
 * contains it.
 */
import t, { type Test } from 'tap'
import { startBoth, withoutBoth } from './contestant.ts'
import { scenarios as acl } from './corpus/acl.ts'
import { scenarios as bitmap } from './corpus/bitmap.ts'
import { scenarios as clientControl } from './corpus/client-control.ts'
import { scenarios as cluster } from './corpus/cluster.ts'
import { scenarios as connection } from './corpus/connection.ts'
import { scenarios as dump } from './corpus/dump.ts'
import { scenarios as functions } from './corpus/function.ts'
import { scenarios as generic } from './corpus/generic.ts'
import { scenarios as geo } from './corpus/geo.ts'
import { scenarios as hash } from './corpus/hash.ts'
import { scenarios as hyperloglog } from './corpus/hyperloglog.ts'
import { scenarios as keyspaceEvent } from './corpus/keyspace-event.ts'
import { scenarios as list } from './corpus/list.ts'
import { scenarios as listBlocking } from './corpus/list-blocking.ts'
import { scenarios as memory } from './corpus/memory.ts'
import { scenarios as pubsub } from './corpus/pubsub.ts'
import { scenarios as script } from './corpus/script.ts'
import { scenarios as scriptLibrary } from './corpus/script-library.ts'
import { scenarios as server } from './corpus/server.ts'
import { scenarios as set } from './corpus/set.ts'
import { scenarios as severalNodes } from './corpus/several-nodes.ts'
import { scenarios as sort } from './corpus/sort.ts'
import { scenarios as sortedSet } from './corpus/sorted-set.ts'
import { scenarios as stream } from './corpus/stream.ts'
import { scenarios as streamBlocking } from './corpus/stream-blocking.ts'
import { scenarios as string } from './corpus/string.ts'
import { scenarios as transaction } from './corpus/transaction.ts'
import { type Duel, explained, type Scenario } from './differential.ts'

if (withoutBoth !== false) t.comment(`SKIPPED: ${withoutBoth}`)

const families = {
  string,
  bitmap,
  hyperloglog,
  hash,
  set,
  stream,
  'stream blocking': streamBlocking,
  list,
  'blocked on lists': listBlocking,
  sort,
  'sorted set': sortedSet,
  geo,
  generic,
  dump,
  connection,
  acl,
  server,
  memory,
  script,
  'script library': scriptLibrary,
  function: functions,
  transaction,
  pubsub,
  'keyspace event': keyspaceEvent,
  'client control': clientControl,
  cluster,
}
const config = { 'enable-debug-command': 'yes' }
const only = process.env.ONLY ?? ''

t.test('one master', { skip: withoutBoth }, async (t) => {
  const duel = await startBoth(t, { masters: 1, replicas: 0, config })
  for (const [family, scenarios] of Object.entries(families)) {
    await playAll(t, duel, { family, scenarios })
  }
})

t.test('three masters, three replicas', { skip: withoutBoth }, async (t) => {
  const duel = await startBoth(t, { masters: 3, replicas: 1, config })
  await playAll(t, duel, { family: 'several nodes', scenarios: severalNodes })
})

async function playAll(
  t: Test,
  duel: Duel,
  { family, scenarios }: { family: string; scenarios: readonly Scenario[] },
): Promise<void> {
  for (const scenario of scenarios.filter(({ name }) => `${family} ${name}`.includes(only))) {
    for (const protocol of [2, 3] as const) {
      const differences = await duel.play(scenario, protocol)
      for (const difference of differences) {
        t.fail(`${family}, ${scenario.name}, RESP${protocol}: ${difference.command}`, {
          ...explained(difference),
          stack: '',
          at: null,
        })
      }
      if (differences.length === 0) t.pass(`${family}, ${scenario.name}, RESP${protocol}`)
    }
  }
}
