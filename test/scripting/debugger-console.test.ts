import t from 'tap'
import { DebuggedSource } from '../../lib/scripting/debugged-source.ts'
import { DebuggerConsole } from '../../lib/scripting/debugger-console.ts'
import { DEBUGGER_HELP } from '../../lib/scripting/debugger-help.ts'
import { DebuggerLog } from '../../lib/scripting/debugger-log.ts'
import { GLOBALS } from '../../lib/scripting/lua-state.ts'
import { luaState } from '../support/lua.ts'

const SOURCE = `local function f(a)
  local b = a
  ask()
  return b
end
local outer = 'o'
f({1, 2})`

/** What is answered to each saying while line 3 calls the console. */
function ask(...sayings: string[]): string[][] {
  const lua = luaState()
  const log = new DebuggerLog()
  const source = new DebuggedSource(SOURCE)
  const calls: string[] = []
  const console = new DebuggerConsole({
    source,
    log,
    shown: (run) => {
      calls.push('shown')
      run()
    },
  })
  lua.createTable()
  lua.pushClosure((lua) => {
    calls.push(...Array.from({ length: lua.top }, (_, i) => lua.toBytes(i + 1) ?? ''))
    log.add(calls.splice(0).join(' '))
    return 0
  })
  lua.setField(-2, 'call')
  lua.setField(GLOBALS, 'redis')
  const answers: string[][] = []
  // A closure is a function of its own on the stack, unlike a hook.
  lua.setLineHook((lua, event) => {
    if (event !== 'line' || lua.callPlace(0)?.line !== 3) return
    source.current = 3
    lua.checkStack(20)
    for (const saying of sayings) {
      const { top } = lua
      console.answer(lua, saying.split(' '))
      t.equal(lua.top, top, `${saying} leaves the stack as it was`)
      log.send()
      answers.push(
        log
          .take()
          .split('\r\n')
          .slice(1, -1)
          .map((line) => line.slice(1)),
      )
    }
  }, 100_000)
  lua.pushClosure(() => 0)
  lua.setField(GLOBALS, 'ask')
  lua.load(SOURCE, '@user_script')
  lua.call(0, 0)
  return answers
}

t.test('variables', async (t) => {
  t.same(ask('p', 'PRINT', 'p a', 'print b', 'p outer', 'p x', 'p a b'), [
    ['<value> a = {1; 2}', '<value> b = {1; 2}'],
    ['<value> a = {1; 2}', '<value> b = {1; 2}'],
    ['<value> {1; 2}'],
    ['<value> {1; 2}'],
    ['<value> "o"'],
    ['No such variable.'],
    ['<value> a = {1; 2}', '<value> b = {1; 2}'],
  ])
})

t.test('places', async (t) => {
  t.same(ask('t', 'l 1 0', 'list 3 1', 'l', 'w', 'l 0 0', 'l x 0'), [
    ['In f:', '-> 3     ask()', 'From top level:', '   7   f({1, 2})'],
    ['   1   local function f(a)'],
    ['   2     local b = a', '-> 3     ask()', '   4     return b'],
    ...Array.from({ length: 2 }, () => [
      '   1   local function f(a)',
      '   2     local b = a',
      '-> 3     ask()',
      '   4     return b',
      '   5   end',
      "   6   local outer = 'o'",
      '   7   f({1, 2})',
    ]),
    ['-> 3     ask()'],
    ['-> 3     ask()'],
  ])
})

t.test('breakpoints', async (t) => {
  t.same(ask('b', 'b 6 9 x 0', 'b 7', 'b -6', 'b -7', 'b 1 2', 'b'), [
    ["No breakpoints set. Use 'b <line>' to add one."],
    [
      '   5   end',
      "  #6   local outer = 'o'",
      '   7   f({1, 2})',
      'Wrong line number.',
      "Invalid argument:'x'",
      'All breakpoints removed.',
    ],
    ["   6   local outer = 'o'", '  #7   f({1, 2})'],
    ['No breakpoint in the specified line.'],
    ['Breakpoint removed.'],
    [
      '  #1   local function f(a)',
      '   2     local b = a',
      '  #1   local function f(a)',
      '  #2     local b = a',
      '-> 3     ask()',
    ],
    ['2 breakpoints set:', '  #1   local function f(a)', '  #2     local b = a'],
  ])
})

t.test('code and commands', async (t) => {
  t.same(
    ask('e 1 + 1', 'eval return 1', 'e x = 5', 'e x', 'e 1 +', 'e error()', 'r set k v', 'r'),
    [
      ['<retval> 2'],
      ['<retval> 1'],
      ['<retval> nil'],
      ['<retval> 5'],
      ["<error> ldb_eval:1: unexpected symbol near '1'"],
      ['<error> '],
      ['shown set k v'],
      ['<error> Unknown Redis Lua debugger command or wrong number of arguments.'],
    ],
  )
})

t.test('what else there is', async (t) => {
  t.same(ask('h', 'HELP', 'm', 'm 0', 'maxlen 9', 'm 70 1', 'nosuch'), [
    DEBUGGER_HELP,
    DEBUGGER_HELP,
    ['<value> replies are truncated at 256 bytes.'],
    ['<value> replies are unlimited.'],
    ['<value> replies are truncated at 60 bytes.'],
    ['<value> replies are truncated at 60 bytes.'],
    ['<error> Unknown Redis Lua debugger command or wrong number of arguments.'],
  ])
})
