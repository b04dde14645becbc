import t from 'tap'
import type { LuaReply } from '../../lib/scripting/lua-reply.ts'
import { ScriptStage } from '../support/script-stage.ts'

/** Shows a value with its types, so that nothing looks like another. */
const SHOW = `
local function show(v)
  if type(v) == 'string' then return '"' .. v .. '"' end
  if type(v) ~= 'table' then return tostring(v) end
  local keys, shown = {}, {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  for i, k in ipairs(keys) do shown[i] = tostring(k) .. '=' .. show(v[k]) end
  return '{' .. table.concat(shown, ' ') .. '}'
end
return show(redis.pcall('x'))`

function shown(protocol: 2 | 3, answer: (reply: LuaReply) => void): string {
  const stage = new ScriptStage()
  stage.answer = (_argv, reply) => answer(reply)
  const text = stage.run(protocol === 3 ? `redis.setresp(3) ${SHOW}` : SHOW)
  return text.slice(text.indexOf('|') + 1, -1)
}

t.test('every kind of reply has its value, in either protocol', async (t) => {
  const table: [answer: (reply: LuaReply) => void, in2: string, in3: string][] = [
    [(r) => r.ok(), '{ok="OK"}', '{ok="OK"}'],
    [(r) => r.simple('PONG'), '{ok="PONG"}', '{ok="PONG"}'],
    [(r) => r.integer(5), '5', '5'],
    [(r) => r.integer(2n ** 62n), '4.6116860184274e+18', '4.6116860184274e+18'],
    [(r) => r.bulk('a\0b'), '"a\0b"', '"a\0b"'],
    [(r) => r.bulkOrNull(undefined), 'false', 'nil'],
    [(r) => r.null(), 'false', 'nil'],
    [(r) => r.nullArray(), 'false', 'nil'],
    [(r) => r.double(1.5), '"1.5"', '{double=1.5}'],
    [(r) => r.doubleText('0.25'), '"0.25"', '{double=0.25}'],
    [(r) => r.doubleText('inf'), '"inf"', '{double=inf}'],
    [(r) => r.boolean(true), '1', 'true'],
    [(r) => r.boolean(false), '0', 'false'],
    [(r) => r.bigNumber('123'), '"123"', '{big_number="123"}'],
    [(r) => r.verbatim('txt', 'x'), '"x"', '{verbatim_string={format="txt" string="x"}}'],
    [
      (r) => r.error('E x'),
      '{err="E x" ignore_error_stats_update=true}',
      '{err="E x" ignore_error_stats_update=true}',
    ],
    [(r) => r.array(0), '{}', '{}'],
    [(r) => r.map(0), '{}', '{map={}}'],
    [
      (r) => {
        r.array(3)
        r.bulks(['a', 'b'])
        r.set(1)
        r.bulk('c')
      },
      '{1="a" 2="b" 3={1="c"}}',
      '{1="a" 2="b" 3={set={c=true}}}',
    ],
    [
      (r) => {
        r.map(2)
        r.bulk('k')
        r.push(2)
        r.integer(1)
        r.null()
        r.bulk('l')
        r.map(1)
        r.integer(7)
        r.integer(8)
      },
      '{1="k" 2={1=1 2=false} 3="l" 4={1=7 2=8}}',
      '{map={k={1=1} l={map={7=8}}}}',
    ],
    [
      (r) => {
        r.array(2)
        r.error('E inner')
        r.integer(1)
      },
      '{1={err="E inner"} 2=1}',
      '{1={err="E inner"} 2=1}',
    ],
  ]
  for (const [answer, in2, in3] of table) {
    t.equal(shown(2, answer), in2, String(answer))
    t.equal(shown(3, answer), in3, String(answer))
  }
})

t.test('attributes are left out', async (t) => {
  const text = shown(3, (reply) => {
    reply.attribute(1)
    reply.bulk('ttl')
    reply.integer(5)
    reply.bulk('value')
  })
  t.equal(text, '"value"')
})

t.test('errors are counted where they are written', async (t) => {
  const stage = new ScriptStage()
  stage.answer = (_argv, reply) => reply.error('E x')
  t.equal(stage.run("return redis.pcall('a').err"), '$3|E x|')
  t.same(stage.errors, ['E x'])
  t.equal(stage.engine.reply.length, 0)
  t.equal(stage.engine.reply.take(), '')
})
