import t from 'tap'
import { openJson } from '../../lib/scripting/json.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const evaluate = evaluatorWith(openJson)
const encoded = (value: string) => evaluate(`cjson.encode(${value})`)
const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`

t.test('values as JSON', async (t) => {
  const table: [value: string, json: string][] = [
    ['nil', 'null'],
    ['cjson.null', 'null'],
    ['true', 'true'],
    ['-0', '-0'],
    ['1e14', '1e+14'],
    ['99999999999999', '99999999999999'],
    ['1/3', '0.33333333333333'],
    ['100000000000005', '1e+14'],
    ['100000000000015', '1.0000000000002e+14'],
    ['1e100', '1e+100'],
    ["'a/b\"c\\\\d\\b\\t\\f\\1\\127\\255'", '"a\\/b\\"c\\\\d\\b\\t\\f\\u0001\\u007f\xff"'],
    ['{}', '{}'],
    ['{{}}', '[{}]'],
    ["{1, nil, 'x'}", '[1,null,"x"]'],
    ['{[3] = 1}', '[null,null,1]'],
    ['{[0] = 1}', '{"0":1}'],
    ['{[1.5] = 1}', '{"1.5":1}'],
    ['{[1e20] = 1}', '{"1e+20":1}'],
    ["{1, ['a/'] = 2}", '{"1":1,"a\\/":2}'],
    ['setmetatable({}, {__index = {1}})', '{}'],
  ]
  for (const [value, json] of table) t.equal(encoded(value), quoted(json), value)
})

t.test('what JSON has no word for', async (t) => {
  const table: [value: string, error: string][] = [
    ['1/0', 'Cannot serialise number: must not be NaN or Inf'],
    ['{0/0}', 'Cannot serialise number: must not be NaN or Inf'],
    ['print', 'Cannot serialise function: type not supported'],
    ['{[11] = 1}', 'Cannot serialise table: excessively sparse array'],
    ['{[true] = 1}', 'Cannot serialise boolean: table key must be a number or string'],
    ['{[cjson.null] = 1}', 'Cannot serialise userdata: table key must be a number or string'],
    [
      '(function() local t = {} t[1] = t return t end)()',
      'Cannot serialise, excessive nesting (1001)',
    ],
  ]
  for (const [value, error] of table) t.equal(encoded(value), `error: script:1: ${error}`, value)
  t.equal(encoded('{[10] = 1}'), quoted(`[${'null,'.repeat(9)}1]`), 'few holes are fine')
})
