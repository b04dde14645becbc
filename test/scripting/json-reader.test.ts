import t from 'tap'
import { openJson } from '../../lib/scripting/json.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const evaluate = evaluatorWith(openJson)
const decoded = (json: string) => evaluate(`cjson.decode([==[${json}]==])`)

t.test('JSON as values', async (t) => {
  const table: [json: string, expected: string][] = [
    ['true', 'true'],
    ['"x"', '"x"'],
    ['-5', '-5'],
    ['[]', '{}'],
    ['[1,[2],"x"]', '{1=1,2={1=2},3="x"}'],
    ['{}', '{}'],
    ['{"a":1,"a":2,"":{"1":[]}}', '{""={"1"={}},"a"=2}'],
  ]
  for (const [json, expected] of table) t.equal(decoded(json), expected, json)
})

t.test('what is expected, what is found, and where', async (t) => {
  const table: [json: string, expected: string, found: string, at: number][] = [
    ['', 'value', 'T_END', 1],
    ['x', 'value', 'invalid token', 1],
    ['[', 'value', 'T_END', 2],
    ['[1,]', 'value', 'T_ARR_END', 4],
    ['[1 2]', 'comma or array end', 'T_NUMBER', 4],
    ['{1:1}', 'object key string', 'T_NUMBER', 2],
    ['{"a":1,}', 'object key string', 'T_OBJ_END', 8],
    ['{"a" 1}', 'colon', 'T_NUMBER', 6],
    ['{"a":1 "b"', 'comma or object end', 'T_STRING', 8],
    ['1 2', 'the end', 'T_NUMBER', 3],
    ['[1]x', 'the end', 'invalid token', 4],
    ['["ab', 'value', 'unexpected end of string', 5],
  ]
  for (const [json, expected, found, at] of table) {
    t.equal(
      decoded(json),
      `error: script:1: Expected ${expected} but found ${found} at character ${at}`,
      json,
    )
  }
})

t.test('a thousand tables within each other, and no more', async (t) => {
  const nested = (depth: number) =>
    `cjson.decode(string.rep('[', ${depth}) .. string.rep(']', ${depth}))`
  t.equal(evaluate(`type(${nested(1000)})`), '"table"')
  t.equal(
    evaluate(nested(1001)),
    'error: script:1: Found too many nested data structures (1001) at character 1001',
  )
})
