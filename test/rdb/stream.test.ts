import { Buffer } from 'node:buffer'
import t from 'tap'
import { formatStreamId, MIN_STREAM_ID } from '../../lib/base/stream-id.ts'
import { RdbCursor } from '../../lib/rdb/cursor.ts'
import { RdbEncoder } from '../../lib/rdb/encoder.ts'
import { Kind } from '../../lib/rdb/format.ts'
import type { StreamRecord } from '../../lib/rdb/record.ts'
import { encodeStream, streamDecoder } from '../../lib/rdb/stream.ts'
import { isEmpty } from '../../lib/rdb/value.ts'

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')
}

function decoded(hex: string, kind: 15 | 19 | 21 = 19): StreamRecord {
  return streamDecoder(kind)(new RdbCursor(bytesOf(hex)))
}

function encoded(record: StreamRecord, kind: number = Kind.streamListpacks2): string {
  const encoder = new RdbEncoder({ compress: false })
  encodeStream(encoder, record, kind)
  return encoder.take().toString('hex')
}

/** XADD 1000-1 f v, 1000-2 f v2, 1001-0 g v3, as a real server packs them. */
const LISTPACK = `3b000000 1600
  0301 0001 0101 816602 0001
  0201 0001 0001 817602 0401
  0201 0001 0101 82763203 0401
  0001 0101 dfff02 0101 816702 82763303 0601 ff`
const NODES = `01 10 00000000000003e8 0000000000000001 3b ${LISTPACK}`
const LAST = '03 43e9 00'
const FACTS = '43e8 01 00 00 03'

t.test('entries', async (t) => {
  const hex = `${NODES} ${LAST} ${FACTS} 00`
  const record = decoded(hex)
  const [node] = record.nodes
  t.strictSame(
    node?.entries.map(({ id, fields, values, isDeleted }) => {
      return [formatStreamId(id), fields === node.fields, values, isDeleted]
    }),
    [
      ['1000-1', true, ['v'], false],
      ['1000-2', true, ['v2'], false],
      ['1001-0', false, ['v3'], false],
    ],
  )
  t.match(record, { size: 3, entriesAdded: 3, maxDeletedId: MIN_STREAM_ID, groups: [] })
  t.equal(formatStreamId(record.lastId), '1001-0')
  t.equal(formatStreamId(record.firstId), '1000-1')
  t.equal(encoded(record), bytesOf(hex).toString('hex'))
})

const ID = '00000000000003e8 0000000000000001'
const SEEN = '0500000000000000'
const PENDING = `01 ${ID} 0700000000000000 02`

t.test('groups, of three generations', async (t) => {
  const groups = (entriesRead: string, activeTime: string) =>
    `02 0167 43e8 01 ${entriesRead} ${PENDING} 01 0161 ${SEEN} ${activeTime} 01 ${ID}
        0168 00 00 ${entriesRead} 00 00`
  const unknown = '81ffffffffffffffff'
  const seven = `${NODES} ${LAST} ${FACTS} ${groups(unknown, '')}`
  const record = decoded(seven)
  t.match(record.groups, [
    {
      name: 'g',
      entriesRead: undefined,
      pending: [{ deliveredAtMs: 7, deliveries: 2 }],
      consumers: [{ name: 'a', seenAtMs: 5, pending: { length: 1 } }],
    },
    { name: 'h', pending: { length: 0 }, consumers: { length: 0 } },
  ])
  t.equal(encoded(record), bytesOf(seven).toString('hex'))
  t.equal(decoded(`${NODES} ${LAST} ${FACTS} ${groups('02', '')}`).groups[0]?.entriesRead, 2)
  t.strictSame(decoded(`${NODES} ${LAST} ${FACTS} ${groups(unknown, SEEN)}`, 21), record)
  const older = decoded(`${NODES} ${LAST} ${groups('', '')}`, 15)
  t.match(older, { entriesAdded: 3, maxDeletedId: MIN_STREAM_ID, firstId: record.firstId })
  t.strictSame(
    older.groups.map(({ entriesRead }) => entriesRead),
    [1, 0],
    'what can be told is told',
  )
})

t.test('a stream without entries is something', async (t) => {
  const record = decoded('00 00 43e9 00 00 00 43e9 00 03 00')
  t.match(record, { size: 0, firstId: MIN_STREAM_ID, entriesAdded: 3 })
  t.equal(isEmpty(record), false)
  t.equal(decoded('00 00 43e9 00 01 0167 00 00 00 00', 15).groups[0]?.entriesRead, 0)
})

t.test('broken streams', async (t) => {
  const broken: [what: RegExp, hex: string][] = [
    [/number of entries/, `${NODES} 04 43e9 00 ${FACTS} 00`],
    [/has no id/, `01 01 61 3b ${LISTPACK} ${LAST} ${FACTS} 00`],
    [/ends too early/, `01 10 ${ID} 09 09000000 0100 0301 ff`],
    [/no integer/, `01 10 ${ID} 0a 0a000000 0100 816602 ff`],
    [/negative count/, `01 10 ${ID} 0a 0a000000 0100 dfff02 ff`],
    [/more entries/, `01 10 ${ID} 11 11000000 0500 0001 0001 0001 0001 0001 ff`],
    [
      /not found in group/,
      `${NODES} ${LAST} ${FACTS} 01 0167 00 00 00 00 01 0161 ${SEEN} 01 ${ID}`,
    ],
    [/without consumer/, `${NODES} ${LAST} ${FACTS} 01 0167 00 00 00 ${PENDING} 00`],
  ]
  const group = '0167 00 00 00 00 00'
  const consumer = `0161 ${SEEN} 00`
  broken.push(
    [/re-added/, `02 10 ${ID} 3b ${LISTPACK} 10 ${ID} 3b ${LISTPACK} 06 43e9 00 ${FACTS} 00`],
    [/Duplicated consumer group/, `${NODES} ${LAST} ${FACTS} 02 ${group} ${group}`],
    [
      /Duplicate stream con/,
      `${NODES} ${LAST} ${FACTS} 01 0167 00 00 00 00 02 ${consumer} ${consumer}`,
    ],
    [
      /Duplicated global PEL/,
      `${NODES} ${LAST} ${FACTS} 01 0167 00 00 00 02 ${PENDING.slice(2)} ${PENDING.slice(2)} 00`,
    ],
  )
  for (const [message, hex] of broken) t.throws(() => decoded(hex), { name: 'RdbError', message })
})

t.test('what only a walk backwards needs is right where it is asked for', async (t) => {
  const sanitized = (hex: string) =>
    streamDecoder(19)(new RdbCursor(bytesOf(hex), { sanitizes: true }))
  const whole = `${NODES} ${LAST} ${FACTS} 00`
  t.strictSame(sanitized(whole), decoded(whole))
  const wrongSize = whole.replace('0601 ff', '0501 ff')
  const noEnd = whole.replace('816602 0001', '816602 0101')
  t.strictSame(decoded(wrongSize), decoded(whole))
  t.strictSame(decoded(noEnd), decoded(whole))
  t.throws(() => sanitized(wrongSize), /wrong size behind an entry/)
  t.throws(() => sanitized(noEnd), /no end of the common fields/)
})

t.test('nodes come in the order of their ids', async (t) => {
  const later = ID.replace('03e8', '03ff')
  const nodes = [later, ID].map((id) => `10 ${id} 3b ${LISTPACK}`).join('')
  const { firstId } = decoded(`02 ${nodes} 06 4400 00 ${FACTS} 00`)
  t.equal(firstId, decoded(`${NODES} ${LAST} ${FACTS} 00`).firstId)
})
