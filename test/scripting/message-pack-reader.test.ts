import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { openMessagePack } from '../../lib/scripting/message-pack.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const evaluate = evaluatorWith(openMessagePack)
const bytes = (hex: string) => hex.replace(/../g, (pair) => `\\${Number.parseInt(pair, 16)}`)
const unpacked = (hex: string) => evaluate(`cmsgpack.unpack('${bytes(hex)}')`)

t.test('every form of a value is read', async (t) => {
  const table: [hex: string, expected: string][] = [
    ['00 7f e0 ff', '0 127 -32 -1'],
    ['c0 c2 c3', 'nil false true'],
    ['cc80 cdffff ceffffffff', '128 65535 4294967295'],
    ['d080 d18000 d280000000', '-128 -32768 -2147483648'],
    ['cf0000000100000000 cfffffffffffffffff', '4294967296 -1'],
    ['d3ffffffffffffffff', '-1'],
    ['ca3fc00000 cb3ff8000000000000', '1.5 1.5'],
    ['a178 d90178 da000178 db0000000178', '"x" "x" "x" "x"'],
    ['920102 dc00020102 dd000000020102', '{1=1,2=2} {1=1,2=2} {1=1,2=2}'],
    ['81a16101 de0001a16101 df00000001a16101', '{"a"=1} {"a"=1} {"a"=1}'],
    ['8100920381c305', '{0={1=3,2={true=5}}}'],
  ]
  for (const [hex, expected] of table) t.equal(unpacked(hex.replaceAll(' ', '')), expected, hex)
})

t.test('what ends too early is told', async (t) => {
  const starts = [
    'cc',
    'cdff',
    'ce000000',
    'cf00',
    'ca3fc0',
    'cb',
    'd0',
    'a1',
    'd9',
    'd901',
    'da00',
  ]
  const more = [
    'db00000002ff',
    '91',
    '9201',
    'dc',
    'dc0001',
    'dd0000',
    '81',
    '81a161',
    'de00',
    'df',
  ]
  for (const hex of [...starts, ...more]) {
    t.equal(unpacked(hex), 'error: script:1: Missing bytes in input.', hex)
  }
})

t.test('binary data and extensions are unknown', async (t) => {
  for (const head of ['c1', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'd4', 'd5', 'd6', 'd7', 'd8']) {
    t.equal(unpacked(`${head}0101`), 'error: script:1: Bad data format in input.', head)
  }
})

t.test('what nests without end, and keys that cannot be, are errors of Lua', async (t) => {
  // A node is a thread, and Node.js gives those a larger stack than this one.
  const [answer] = await once(
    new Worker(new URL('../support/endless-message-pack.js', import.meta.url)),
    'message',
  )
  t.equal(answer, 'error: script:1: stack overflow (in function mp_decode_to_lua_array)')
  t.equal(unpacked('81c001'), 'error: table index is nil')
})
