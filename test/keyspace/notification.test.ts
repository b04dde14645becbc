import t from 'tap'
import { formatNotifyLetters, parseNotifyLetters } from '../../lib/keyspace/notification.ts'

t.test('letters come back in the order CONFIG GET has', async (t) => {
  const table: [given: string, shown: string][] = [
    ['', ''],
    ['KEA', 'AKE'],
    ['AKEmn', 'AKEm'],
    ['gKn', 'gnK'],
    ['KEmn', 'nKEm'],
    ['g$lshzxetdn', 'A'],
    ['K', 'K'],
    ['xKEg', 'gxKE'],
    ['mnK', 'nKm'],
    ['Ax', 'A'],
    ['ndt$K', '$tdnK'],
    ['exzsl$ghtn', 'g$lshzxetn'],
    ['dtexzhsl$', '$lshzxetd'],
  ]
  for (const [given, shown] of table) {
    t.equal(formatNotifyLetters(parseNotifyLetters(given) ?? '?'), shown, given)
  }
})

t.test('an unknown letter is refused', async (t) => {
  for (const given of ['KEQ', 'k', 'K E']) t.equal(parseNotifyLetters(given), undefined, given)
})
