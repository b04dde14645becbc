import t from 'tap'
import {
  ensureStack,
  integerArgument,
  openLibrary,
  optionalInteger,
  typeName,
} from '../../lib/scripting/library.ts'
import type { LuaState } from '../../lib/scripting/lua-state.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

const evaluate = evaluatorWith((lua) =>
  openLibrary(lua, 'tool', {
    name: 'a tool',
    whole: (lua) => pushed(lua, integerArgument(lua, 1)),
    either: (lua) => pushed(lua, optionalInteger(lua, 1, 7)),
    kind: (lua) => {
      lua.pushBytes(typeName(lua, 1))
      return 1
    },
    much: (lua) => {
      ensureStack(lua, integerArgument(lua, 1), 'too much')
      return 0
    },
  }),
)

function pushed(lua: LuaState, number: number): number {
  lua.pushNumber(number)
  return 1
}

t.test('closures and texts become members of a global table', async (t) => {
  t.equal(evaluate('tool.name'), '"a tool"')
  t.equal(evaluate('type(tool.whole)'), '"function"')
})

t.test('integers are cut off, and refused as Lua does', async (t) => {
  t.equal(evaluate("tool.whole(1.9), tool.whole(-1.9), tool.whole('12')"), '1 -1 12')
  t.equal(
    evaluate('tool.whole({})'),
    "error: script:1: bad argument #1 to 'whole' (number expected, got table)",
  )
  t.equal(evaluate('tool.either(), tool.either(nil), tool.either(2.5)'), '7 7 2')
  t.match(evaluate("tool.either('x')"), /number expected, got string/)
})

t.test('types have the names that errors use', async (t) => {
  t.equal(evaluate('tool.kind(nil)'), '"nil"')
  t.equal(
    evaluate("tool.kind(true), tool.kind(1), tool.kind('x'), tool.kind({}), tool.kind(tool.kind)"),
    '"boolean" "number" "string" "table" "function"',
  )
  t.equal(evaluate('tool.kind()'), '"no value"')
})

t.test('a stack that cannot grow is an error', async (t) => {
  t.equal(evaluate('tool.much(100)'), '')
  t.equal(evaluate('tool.much(1e6)'), 'error: script:1: stack overflow (too much)')
})
