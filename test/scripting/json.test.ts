import t from 'tap'
import { openJson } from '../../lib/scripting/json.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const evaluate = evaluatorWith(openJson)

t.test('values go to JSON and come back', async (t) => {
  t.equal(
    evaluate(`cjson.encode(cjson.decode('{"a":[1,"x",null,true,{"b":1.5}]}'))`),
    '"{\\"a\\":[1,\\"x\\",null,true,{\\"b\\":1.5}]}"',
  )
  t.equal(evaluate("cjson.decode('null') == cjson.null, type(cjson.null)"), 'true "userdata"')
  t.equal(evaluate('tostring(cjson.null)'), '"userdata: (nil)"')
  const bytes = Array.from({ length: 255 }, (_, i) => `\\${i + 1}`).join('')
  t.equal(evaluate(`cjson.decode(cjson.encode('${bytes}')) == '${bytes}'`), 'true')
  t.equal(evaluate("#cjson.decode(cjson.encode('a\\0b'))"), '3')
})

t.test('there is one argument, and it is no UTF-16', async (t) => {
  const table: [call: string, error: string][] = [
    ['cjson.encode()', "bad argument #1 to 'encode' (expected 1 argument)"],
    ['cjson.encode(1, 2)', "bad argument #1 to 'encode' (expected 1 argument)"],
    ["cjson.decode('1', 2)", "bad argument #1 to 'decode' (expected 1 argument)"],
    ['cjson.decode({})', "bad argument #1 to 'decode' (string expected, got table)"],
    ["cjson.decode('1\\0')", 'JSON parser does not support UTF-16 or UTF-32'],
    ["cjson.decode('\\0001')", 'JSON parser does not support UTF-16 or UTF-32'],
  ]
  for (const [call, error] of table) t.equal(evaluate(call), `error: script:1: ${error}`, call)
})

t.test('another table has settings of its own', async (t) => {
  t.equal(
    evaluate(
      '(function() local c = cjson.new() c.encode_number_precision(3) return c.encode(1/3) .. cjson.encode(1/3) end)()',
    ),
    '"0.3330.33333333333333"',
  )
})
