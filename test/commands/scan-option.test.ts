import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { isWanted, parseCursor, parseScanOptions } from '../../lib/commands/scan-option.ts'
import { errors } from '../../lib/resp/reply-error.ts'

t.test('cursors are read as C reads them', async (t) => {
  const table: [text: string, cursor: number | undefined][] = [
    ['0', 0],
    ['', 0],
    ['+0', 0],
    ['-0', 0],
    ['007', 7],
    ['42', 42],
    ['70368744177663', 2 ** 46 - 1],
    ['18446744073709551615', 2 ** 64],
    ['-1', 2 ** 64],
    ['-18446744073709551615', 1],
    ['5\0x', 5],
    ['\0', 0],
    ['18446744073709551616', undefined],
    ['-18446744073709551616', undefined],
    ['99999999999999999999', undefined],
    [' 0', undefined],
    ['0 ', undefined],
    ['-', undefined],
    ['+-1', undefined],
    ['1.0', undefined],
    ['0x10', undefined],
    ['x', undefined],
  ]
  for (const [text, cursor] of table) {
    if (cursor === undefined)
      t.throws(() => parseCursor(text, new Version('7.0')), errors.invalidCursor, text)
    else t.equal(parseCursor(text, new Version('7.0')), cursor, text)
  }
})

t.test('options', async (t) => {
  t.strictSame(parseScanOptions(['SCAN', '0'], 2), {
    count: 10,
    pattern: undefined,
    type: undefined,
    namesOnly: false,
  })
  const words = ['match', 'a*', 'COUNT', '5', 'match', 'b*']
  t.strictSame(parseScanOptions(words, 0), {
    count: 5,
    pattern: 'b*',
    type: undefined,
    namesOnly: false,
  })
  t.equal(parseScanOptions(['MATCH', 'a', 'MATCH', '*'], 0).pattern, undefined)
  t.equal(parseScanOptions(['TYPE', 'HASH'], 0, { withType: true }).type, 'hash')
  t.equal(parseScanOptions(['COUNT', '9223372036854775807'], 0).count, 2 ** 63)
})

t.test('NOVALUES is known, refused or taken', async (t) => {
  const words = ['NOVALUES', 'COUNT', '5', 'novalues']
  t.throws(() => parseScanOptions(words, 0), errors.syntax)
  t.throws(() => parseScanOptions(words, 0, { noValues: 'refused' }), {
    message: 'ERR NOVALUES option can only be used in HSCAN',
  })
  const options = parseScanOptions(words, 0, { noValues: 'taken' })
  t.same([options.count, options.namesOnly], [5, true])
})

t.test('options that are refused, the first wrong one', async (t) => {
  for (const words of [
    ['COUNT'],
    ['COUNT', '0'],
    ['COUNT', '-1'],
    ['TYPE', 'hash'],
    ['x', '1'],
    ['MATCH'],
  ]) {
    t.throws(() => parseScanOptions(words, 0), errors.syntax, words.join(' '))
  }
  t.throws(() => parseScanOptions(['COUNT', 'x', 'FOO', '1'], 0), errors.notInteger)
  t.throws(() => parseScanOptions(['FOO', '1', 'COUNT', 'x'], 0), errors.syntax)
})

t.test('what is wanted', async (t) => {
  t.equal(isWanted('abc', { pattern: undefined }), true)
  t.equal(isWanted('abc', { pattern: 'a*' }), true)
  t.equal(isWanted('abc', { pattern: 'b*' }), false)
})

t.test('from 7.4 on a cursor is a number', async (t) => {
  const version = new Version('7.4')
  for (const text of ['', '-1', '1 ', 'x']) {
    t.throws(() => parseCursor(text, version), errors.invalidCursor, text)
  }
  for (const text of ['0', ' 0', '+0', '-0', '00']) t.equal(parseCursor(text, version), 0, text)
})
