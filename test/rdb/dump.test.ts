import t from 'tap'
import { bufferOf } from '../../lib/base/bytes.ts'
import { decodeDump, encodeDump, verifiedDump, withDumpFooter } from '../../lib/rdb/dump.ts'
import { RdbTruncatedError } from '../../lib/rdb/format.ts'

const hex = (bytes: string) => Buffer.from(bytes, 'latin1').toString('hex')
const unhex = (text: string) => Buffer.from(text, 'hex').toString('latin1')

const V = '0001760a009108ceb219388ace'

t.test('a payload is that of a real server', async (t) => {
  t.equal(hex(encodeDump({ type: 'string', bytes: 'v' })), V)
  t.equal(hex(withDumpFooter(bufferOf(''))), '0a005d9b5c400f7fa2da', 'of no functions')
})

t.test('a payload reads back', async (t) => {
  const payload = verifiedDump(unhex(V))
  t.ok(payload)
  if (payload !== undefined) t.strictSame(decodeDump(payload), { type: 'string', bytes: 'v' })
})

t.test('bytes behind the value are ignored', async (t) => {
  const payload = verifiedDump(withDumpFooter(bufferOf('\0\x01vmore')))
  t.ok(payload)
  if (payload !== undefined) t.strictSame(decodeDump(payload), { type: 'string', bytes: 'v' })
})

t.test('a wrong version or checksum', async (t) => {
  t.equal(verifiedDump(''), undefined)
  t.equal(verifiedDump('123456789'), undefined)
  t.equal(verifiedDump(unhex(V.replace('0a00', '0b00'))), undefined, 'a later version')
  t.equal(
    verifiedDump(unhex(V.replace('0a00', '0900'))),
    undefined,
    'version changed, checksum not',
  )
  t.equal(verifiedDump(unhex(`${V.slice(0, -16)}0000000000000000`)), undefined, 'no checksum')
  t.equal(verifiedDump(unhex(V.replace('76', '77'))), undefined, 'another value')
})

t.test('a body that is no value', async (t) => {
  t.throws(() => decodeDump(bufferOf('')), RdbTruncatedError)
  t.throws(() => decodeDump(bufferOf('\x04\0')), /empty/)
})

t.test('a string that claims to be longer reads on into version and checksum', async (t) => {
  const payload = verifiedDump(withDumpFooter(bufferOf('\0\x0bv')))
  t.ok(payload)
  if (payload === undefined) return
  t.strictSame(decodeDump(payload), { type: 'string', bytes: payload.toString('latin1', 2, 13) })
  const tooLong = verifiedDump(withDumpFooter(bufferOf('\0\x0cv')))
  if (tooLong !== undefined) t.throws(() => decodeDump(tooLong), RdbTruncatedError)
})
