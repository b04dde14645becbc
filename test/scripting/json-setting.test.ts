import t from 'tap'
import { openJson } from '../../lib/scripting/json.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

t.test('settings as they are at first', async (t) => {
  const evaluate = evaluatorWith(openJson)
  const table: [call: string, expected: string][] = [
    ['cjson.encode_sparse_array()', 'false 2 10'],
    ['cjson.encode_max_depth()', '1000'],
    ['cjson.decode_max_depth()', '1000'],
    ['cjson.encode_number_precision()', '14'],
    ['cjson.encode_keep_buffer()', 'true'],
    ['cjson.encode_invalid_numbers()', 'false'],
    ['cjson.decode_invalid_numbers()', 'true'],
  ]
  for (const [call, expected] of table) t.equal(evaluate(call), expected, call)
})

t.test('what is set holds from then on', async (t) => {
  const evaluate = evaluatorWith(openJson)
  const table: [expression: string, expected: string][] = [
    ['cjson.encode_sparse_array(true, 3, 5)', 'true 3 5'],
    ['cjson.encode({[7] = 1})', '"{\\"7\\":1}"'],
    ["cjson.encode_sparse_array('off', 0)", 'false 0 5'],
    ['#cjson.encode({[100] = 1})', '498'],
    ['cjson.encode_max_depth(2)', '2'],
    ['cjson.encode({{{}}})', 'error: script:1: Cannot serialise, excessive nesting (3)'],
    ['cjson.decode_max_depth(1)', '1'],
    [
      "cjson.decode('[[]]')",
      'error: script:1: Found too many nested data structures (2) at character 2',
    ],
    ['cjson.encode_number_precision(3)', '3'],
    ['cjson.encode(math.pi)', '"3.14"'],
    ["cjson.encode_keep_buffer('off')", 'false'],
    ['cjson.encode_invalid_numbers(true)', 'true'],
    ['cjson.encode(1/0), cjson.encode(-1/0), cjson.encode(0/0)', '"inf" "-inf" "nan"'],
    ["cjson.encode_invalid_numbers('null')", '"null"'],
    ['cjson.encode(1/0), cjson.encode(0/0)', '"null" "null"'],
    ['cjson.decode_invalid_numbers(false)', 'false'],
    [
      "cjson.decode('0x10')",
      'error: script:1: Expected value but found invalid number at character 1',
    ],
  ]
  for (const [expression, expected] of table) t.equal(evaluate(expression), expected, expression)
})

t.test('what cannot be set', async (t) => {
  const evaluate = evaluatorWith(openJson)
  const table: [call: string, error: string][] = [
    ['cjson.encode_max_depth(0)', '(expected integer between 1 and 2147483647)'],
    ['cjson.encode_number_precision(15)', '(expected integer between 1 and 14)'],
    ["cjson.encode_sparse_array(false, 1, 'x')", '(number expected, got string)'],
    ["cjson.encode_keep_buffer('x')", "(invalid option 'x')"],
    ['cjson.encode_keep_buffer({})', '(string expected, got table)'],
    ['cjson.encode_max_depth(1, 2)', '(found too many arguments)'],
  ]
  for (const [call, error] of table) {
    const text = evaluate(call)
    t.ok(
      text.startsWith('error: script:1: bad argument') && text.endsWith(error),
      `${call}: ${text}`,
    )
  }
  t.match(evaluate('cjson.encode_sparse_array(false, -1)'), /^error: script:1: bad argument #1 /)
})
