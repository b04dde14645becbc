import t from 'tap'
import { CommandLog, timestampLine } from '../../lib/aof/command-log.ts'

const shown = (log: CommandLog) => log.pending.replaceAll('\r\n', '|')

t.test('selects a database where it changes', async (t) => {
  const log = new CommandLog()
  log.add(0, ['A'])
  log.add(0, ['B'])
  log.add(3, ['C'])
  t.equal(shown(log), '*2|$6|SELECT|$1|0|*1|$1|A|*1|$1|B|*2|$6|SELECT|$1|3|*1|$1|C|')
  log.taken(log.pending.length - 11)
  t.equal(shown(log), '*1|$1|C|')
  log.taken(11)
  log.beginAnew()
  log.add(3, ['D'])
  t.equal(shown(log), '*2|$6|SELECT|$1|3|*1|$1|D|', 'another file relies on nothing')
  log.clear()
  t.equal(log.pending, '')
})

t.test('notes the time once a second', async (t) => {
  const log = new CommandLog()
  log.add(0, ['A'], 5000)
  log.add(0, ['B'], 5999)
  log.add(0, ['C'], 6000)
  log.add(0, ['D'])
  t.equal(shown(log), '#TS:5|*2|$6|SELECT|$1|0|*1|$1|A|*1|$1|B|#TS:6|*1|$1|C|*1|$1|D|')
  t.equal(timestampLine(1_628_217_470_999), '#TS:1628217470\r\n')
})

t.test('what is too long for one text is taken part by part', async (t) => {
  const log = new CommandLog()
  const long = 'x'.repeat(200 * 2 ** 20)
  log.add(0, ['A'])
  log.add(0, ['MSET', 'a', long, 'b', long, 'c', long])
  log.add(0, ['B'])
  const seen: string[] = []
  const bytes = log.pendingBytes
  for (let left = bytes; left > 0; left = log.pendingBytes) {
    const { pending } = log
    seen.push(pending === long ? 'long' : pending.replaceAll('\r\n', '|'))
    // The file may take less.
    const taken = Math.min(pending.length, 100)
    log.taken(taken)
    if (taken < pending.length) {
      t.equal(log.pending.length, pending.length - taken)
      log.taken(pending.length - taken)
    }
    t.equal(log.pendingBytes, left - pending.length)
  }
  const head = `$${long.length}|`
  const names = `*7|$4|MSET|$1|a|${head}`
  t.strictSame(seen, [
    `*2|$6|SELECT|$1|0|*1|$1|A|${names}`,
    'long',
    `|$1|b|${head}`,
    'long',
    `|$1|c|${head}`,
    'long',
    '|*1|$1|B|',
  ])
  log.add(0, ['MSET', 'a', long, 'b', long, 'c', long])
  log.clear()
  t.equal(log.pendingBytes, 0)
})
