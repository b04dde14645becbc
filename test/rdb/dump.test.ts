import t from 'tap'
import { bufferOf } from '../../lib/base/bytes.ts'
import { decodeDump, dumpBody, encodeDump, withDumpFooter } from '../../lib/rdb/dump.ts'
import { RdbTruncatedError } from '../../lib/rdb/format.ts'

const hex = (bytes: string) => Buffer.from(bytes, 'latin1').toString('hex')
const unhex = (text: string) => Buffer.from(text, 'hex').toString('latin1')

const V = '0001760a009108ceb219388ace'

t.test('a payload is that of a real server', async (t) => {
  t.equal(hex(encodeDump({ type: 'string', bytes: 'v' })), V)
  t.equal(hex(withDumpFooter(bufferOf(''))), '0a005d9b5c400f7fa2da', 'of no functions')
})

t.test('a payload reads back', async (t) => {
  const body = dumpBody(unhex(V))
  t.ok(body)
  if (body !== undefined) t.strictSame(decodeDump(body), { type: 'string', bytes: 'v' })
})

t.test('bytes behind the value are ignored', async (t) => {
  const body = dumpBody(withDumpFooter(bufferOf('\0\x01vmore')))
  t.ok(body)
  if (body !== undefined) t.strictSame(decodeDump(body), { type: 'string', bytes: 'v' })
})

t.test('a wrong version or checksum', async (t) => {
  t.equal(dumpBody(''), undefined)
  t.equal(dumpBody('123456789'), undefined)
  t.equal(dumpBody(unhex(V.replace('0a00', '0b00'))), undefined, 'a later version')
  t.equal(dumpBody(unhex(V.replace('0a00', '0900'))), undefined, 'version changed, checksum not')
  t.equal(dumpBody(unhex(`${V.slice(0, -16)}0000000000000000`)), undefined, 'no checksum')
  t.equal(dumpBody(unhex(V.replace('76', '77'))), undefined, 'another value')
})

t.test('a body that is no value', async (t) => {
  t.throws(() => decodeDump(bufferOf('')), RdbTruncatedError)
  t.throws(() => decodeDump(bufferOf('\x04\0')), /empty/)
})
