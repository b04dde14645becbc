import t from 'tap'
import { timeForms } from '../../lib/commands/expiry-argument.ts'
import { fieldCount, fieldEndMs, fieldsFrom } from '../../lib/commands/hash-field-argument.ts'

const words = (line: string) => line.split(' ')

t.test('the fields at the end of a command', async (t) => {
  t.same(fieldsFrom(words('HTTL h FIELDS 2 a b'), 2), ['a', 'b'])
  t.same(fieldsFrom(words('HTTL h fields 1 a'), 2), ['a'])
  const table: [line: string, message: string][] = [
    ['HTTL h FIELD 1 a', 'ERR Mandatory argument FIELDS is missing or not at the right position'],
    ['HTTL h FIELDS 2 a', 'ERR The `numfields` parameter must match the number of arguments'],
    ['HTTL h FIELDS 1 a b', 'ERR The `numfields` parameter must match the number of arguments'],
    ['HTTL h FIELDS 0 a', 'ERR Number of fields must be a positive integer'],
    ['HTTL h FIELDS x a', 'ERR Number of fields must be a positive integer'],
    ['HTTL h FIELDS', "ERR wrong number of arguments for 'httl' command"],
  ]
  for (const [line, message] of table) t.throws(() => fieldsFrom(words(line), 2), { message }, line)
  t.throws(() => fieldsFrom(words('HTTL h FIELDS 0 a'), 2, 'ERR no'), { message: 'ERR no' })
})

t.test('a number of fields', async (t) => {
  t.equal(fieldCount('7', 'ERR no'), 7)
  for (const text of ['0', '-1', '', '01', '9223372036854775808']) {
    t.throws(() => fieldCount(text, 'ERR no'), { message: 'ERR no' }, text)
  }
  t.throws(() => fieldCount('11', 'ERR no', 10), { message: 'ERR no' })
})

t.test('the end of fields fits 46 bits', async (t) => {
  const { EX, PX, EXAT, PXAT } = timeForms
  t.equal(fieldEndMs('5', EX, 1000, 'x'), 6000)
  t.equal(fieldEndMs('5', PX, 1000, 'x'), 1005)
  t.equal(fieldEndMs('5', EXAT, 1000, 'x'), 5000)
  t.equal(fieldEndMs('70368744177663', PXAT, 1000, 'x'), 2 ** 46 - 1)
  const invalid = { message: "ERR invalid expire time in 'x' command" }
  t.throws(() => fieldEndMs('70368744177664', PXAT, 0, 'x'), invalid)
  t.throws(() => fieldEndMs('70368744177663', PX, 1, 'x'), invalid)
  t.throws(() => fieldEndMs('9223372036854775807', EX, 0, 'x'), invalid)
  t.throws(() => fieldEndMs('-1', EX, 0, 'x'), {
    message: 'ERR invalid expire time, must be >= 0',
  })
  t.throws(() => fieldEndMs('x', EX, 0, 'x'), {
    message: 'ERR value is not an integer or out of range',
  })
})
