import t from 'tap'
import { applyOption, integer } from '../../lib/replication/replica-option.ts'
import { ReplicaPeer } from '../../lib/replication/replica-peer.ts'

t.test('what a replica tells', async (t) => {
  const peer = new ReplicaPeer(1, '127.0.0.1')
  applyOption(peer, 'Listening-Port', '7001')
  applyOption(peer, 'ip-address', 'h')
  applyOption(peer, 'capa', 'EOF')
  applyOption(peer, 'capa', 'psync2')
  applyOption(peer, 'capa', 'of-a-later-version')
  t.match(peer, { name: 'h:7001', takesEof: true, knowsPsync2: true, snapshotOnly: false })
  applyOption(peer, 'rdb-only', '1')
  t.equal(peer.snapshotOnly, true)
  applyOption(peer, 'rdb-only', '0')
  t.equal(peer.snapshotOnly, false)
  applyOption(peer, 'rdb-filter-only', '')
  t.equal(peer.include, 'nothing')
  applyOption(peer, 'rdb-filter-only', 'functions')
  t.equal(peer.include, 'functions')
})

t.test('what it may not', async (t) => {
  const peer = new ReplicaPeer(1, '')
  const table: [option: string, value: string, message: string][] = [
    ['listening-port', 'x', 'ERR value is not an integer or out of range'],
    ['rdb-only', 'x', 'ERR value is not an integer or out of range'],
    ['rdb-only', '2', 'ERR value is out of range, value must between 0 and 1'],
    ['rdb-filter-only', 'data', 'ERR Unsupported rdb-filter-only option: data'],
    ['Version', '8', 'ERR Unrecognized REPLCONF option: Version'],
    [
      'ip-address',
      'x'.repeat(256),
      'ERR REPLCONF ip-address provided by replica instance is too long: 256 bytes',
    ],
  ]
  for (const [option, value, message] of table) {
    t.throws(() => applyOption(peer, option, value), { message }, message)
  }
  t.throws(() => integer('1.5'))
  t.equal(integer('-1'), -1)
})
