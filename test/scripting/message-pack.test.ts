import t from 'tap'
import { openMessagePack } from '../../lib/scripting/message-pack.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const evaluate = evaluatorWith(openMessagePack)

t.test('several values are packed and unpacked together', async (t) => {
  t.equal(
    evaluate("cmsgpack.unpack(cmsgpack.pack(1, 'a', {true, {k = 2.5}}))"),
    '1 "a" {1=true,2={"k"=2.5}}',
  )
  t.equal(evaluate("cmsgpack.unpack('')"), '')
  t.equal(
    evaluate('cmsgpack.pack()'),
    "error: script:1: bad argument #0 to 'pack' (MessagePack pack needs input.)",
  )
})

t.test('part of a text is unpacked, with where to go on', async (t) => {
  const table: [call: string, expected: string][] = [
    ["cmsgpack.unpack_one('\\1\\2\\3')", '1 1'],
    ["cmsgpack.unpack_one('\\1\\2\\3', 2)", '-1 3'],
    ["cmsgpack.unpack_one('\\1\\2\\3', 3)", '-1'],
    ["cmsgpack.unpack_limit('\\1\\2\\3', 2)", '2 1 2'],
    ["cmsgpack.unpack_limit('\\1\\2\\3', 9, 1)", '-1 2 3'],
    ["cmsgpack.unpack_limit('\\1\\2\\3', 0)", '1 2 3'],
    ["cmsgpack.unpack_limit('\\1\\2\\3', 0, 1)", '1'],
  ]
  for (const [call, expected] of table) t.equal(evaluate(call), expected, call)
})

t.test('what cannot be unpacked', async (t) => {
  const table: [call: string, error: string][] = [
    ["cmsgpack.unpack('\\161')", 'Missing bytes in input.'],
    ["cmsgpack.unpack('\\1\\193')", 'Bad data format in input.'],
    ["cmsgpack.unpack_one('\\1\\2\\3', 4)", 'Start offset 4 greater than input length 3.'],
    [
      "cmsgpack.unpack_one('\\1\\2\\3', -1)",
      'Invalid request to unpack with offset of -1 and limit of 3.',
    ],
    [
      "cmsgpack.unpack_limit('\\1\\2\\3', -1)",
      'Invalid request to unpack with offset of 0 and limit of 3.',
    ],
    ['cmsgpack.unpack({})', "bad argument #1 to 'unpack' (string expected, got table)"],
  ]
  for (const [call, error] of table) t.equal(evaluate(call), `error: script:1: ${error}`, call)
})
