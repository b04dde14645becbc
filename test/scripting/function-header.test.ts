import t from 'tap'
import { checkFunctionName, parseFunctionHeader } from '../../lib/scripting/function-header.ts'

t.test('engine, name and body', async (t) => {
  const header = (engine: string, name: string, body: string) => ({ engine, name, body })
  const table: [source: string, header: ReturnType<typeof header>][] = [
    ['#!lua name=a\nreturn 1', header('lua', 'a', '\nreturn 1')],
    ['#!LUA\tNAME=a \r\nx\ny', header('LUA', 'a', '\nx\ny')],
    ['#!lua name="a b"\n', header('lua', 'a b', '\n')],
    ["#!lua 'name=q'\n", header('lua', 'q', '\n')],
    ['#!lua name=\n', header('lua', '', '\n')],
    ['#! name=a\n', header('', 'a', '\n')],
  ]
  for (const [source, expected] of table) t.same(parseFunctionHeader(source), expected, source)
})

t.test('first lines that are none', async (t) => {
  const table: [source: string, message: string][] = [
    ['', 'ERR Missing library metadata'],
    ['local a = 1\n', 'ERR Missing library metadata'],
    [' #!lua name=a\n', 'ERR Missing library metadata'],
    ['#!lua name=a', 'ERR Invalid library metadata'],
    ['#!lua name="a\n', 'ERR Invalid library metadata'],
    ['#!lua\0 name=a\n', 'ERR Invalid library metadata'],
    ['#!lua\n', 'ERR Library name was not given'],
    ['#! lua name=a\n', 'ERR Invalid metadata value given: lua'],
    ['#!lua name=a foo=bar\n', 'ERR Invalid metadata value given: foo=bar'],
    ['#!lua name=a name=b\n', 'ERR Invalid metadata value, name argument was given multiple times'],
  ]
  for (const [source, message] of table) {
    t.throws(() => parseFunctionHeader(source), { message }, JSON.stringify(source))
  }
})

t.test('names', async (t) => {
  for (const name of ['a', 'A_9', '_', '0']) t.doesNotThrow(() => checkFunctionName(name), name)
  for (const name of ['', 'a-b', 'a b', 'a\n', '\xe9', 'a\0']) {
    t.throws(() => checkFunctionName(name), /^ERR Library names can only contain/)
  }
})
