import t from 'tap'
import { LuaStatus } from '../../lib/scripting/lua-state.ts'
import { describeValue } from '../../lib/scripting/value-description.ts'
import { luaState } from '../support/lua.ts'

function describe(source: string): string {
  const lua = luaState()
  if (lua.load(`return ${source}`, '@test') !== LuaStatus.ok) throw new Error(source)
  lua.call(0, 1)
  const text = describeValue(lua, -1)
  if (lua.top !== 1) throw new Error('the stack has changed')
  return text
}

t.test('values by their types', async (t) => {
  const table: readonly (readonly [string, string])[] = [
    ['nil', 'nil'],
    ['true', 'true'],
    ['false', 'false'],
    ['1', '1'],
    ['-0.5', '-0.5'],
    ['0.1234567', '0.123457'],
    ['1234567', '1.23457e+06'],
    ['999999', '999999'],
    ['1/0', 'inf'],
    ['-1/0', '-inf'],
    ['0/0', '-nan'],
    ["''", '""'],
    ["'a\\r\\n\\0\\255\"\\\\'", '"a\\r\\n\\x00\\xff\\"\\\\"'],
    ["'12'", '"12"'],
  ]
  for (const [source, text] of table) t.equal(describe(source), text, source)
  t.match(describe('print'), /^"function@0x[0-9a-f]+"$/)
  t.match(describe('coroutine.create(function() end)'), /^"thread@0x[0-9a-f]+"$/)
})

t.test('tables are lists if they can be', async (t) => {
  const table: readonly (readonly [string, string])[] = [
    ['{}', '{}'],
    ["{1, 'a', {2}}", '{1; "a"; {2}}'],
    ['{x = 1}', '{["x"]=1}'],
    ['{1, 2, x = 3}', '{[1]=1; [2]=2; ["x"]=3}'],
    ['{[2] = 1}', '{[2]=1}'],
    ["{['1'] = 1}", '{["1"]=1}'],
    ['{[true] = {}}', '{[true]={}}'],
    ['{[{}] = 1}', '{[{}]=1}'],
  ]
  for (const [source, text] of table) t.equal(describe(source), text, source)
})

t.test('tables within tables end somewhere', async (t) => {
  const nested = (depth: number) => `${'{'.repeat(depth)}1${'}'.repeat(depth)}`
  t.equal(describe(nested(9)), nested(9))
  const deepest = '<max recursion level reached! Nested table?>'
  t.equal(describe(nested(10)), nested(10).replace('1', deepest))
  t.equal(
    describe('(function() local t = {} t[1] = t return t end)()'),
    nested(10).replace('1', deepest),
  )
})
