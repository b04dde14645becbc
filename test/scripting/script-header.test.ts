import t from 'tap'
import { parseScriptHeader } from '../../lib/scripting/script-header.ts'

t.test('a script without a first line promises nothing', async (t) => {
  for (const source of ['return 1', '', '#lua\nreturn 1']) {
    t.same(parseScriptHeader(source), { flags: undefined, body: source })
  }
})

t.test('flags of the first line', async (t) => {
  const table: [line: string, flags: string[]][] = [
    ['#!lua', []],
    ['#!lua flags=', []],
    ['#!lua flags=no-writes', ['no-writes']],
    [
      '#!lua   flags=no-writes,allow-oom  flags=allow-stale',
      ['no-writes', 'allow-oom', 'allow-stale'],
    ],
    ['#!lua flags=no-cluster,allow-cross-slot-keys', ['no-cluster', 'allow-cross-slot-keys']],
  ]
  for (const [line, flags] of table) {
    const header = parseScriptHeader(`${line}\nreturn 1`)
    t.same([...(header.flags ?? [])], flags, line)
    t.equal(header.body, '\nreturn 1', 'lines count as in the whole')
  }
})

t.test('first lines that are wrong', async (t) => {
  const table: [source: string, message: string][] = [
    ['#!lua', 'ERR Invalid script shebang'],
    ['#!py\nx', 'ERR Unexpected engine in script shebang: #!py'],
    ['#! lua\nx', 'ERR Unexpected engine in script shebang: #!'],
    ['#!lua "x\ny', 'ERR Invalid engine in script shebang'],
    ['#!lua name=x\ny', 'ERR Unknown lua shebang option: name=x'],
    ['#!lua flags=x\ny', 'ERR Unexpected flag in script shebang: x'],
    ['#!lua flags=NO-WRITES\ny', 'ERR Unexpected flag in script shebang: NO-WRITES'],
    ['#!lua flags=,\ny', 'ERR Unexpected flag in script shebang: '],
  ]
  for (const [source, message] of table) {
    t.throws(() => parseScriptHeader(source), { message }, source)
  }
})
