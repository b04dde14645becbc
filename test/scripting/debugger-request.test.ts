import t from 'tap'
import { parseDebuggerRequest } from '../../lib/scripting/debugger-request.ts'

t.test('requests that are whole', async (t) => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['*1\r\n$1\r\ns\r\n', ['s']],
    ['*2\r\n$1\r\np\r\n$4\r\nKEYS\r\n', ['p', 'KEYS']],
    ['*1\r\n$5\r\na\r\n\0b\r\n', ['a\r\n\0b']],
    ['*1\r\n$1\r\ns\r\nwhatever follows', ['s']],
    ['this is ignored *1\r\n$1\r\ns\r\n', ['s']],
    ['* +1 and more\r\n$ 1x\r\ns\r\n', ['s']],
    [`*1\r\n$1024\r\n${'x'.repeat(1024)}\r\n`, ['x'.repeat(1024)]],
  ]
  for (const [text, words] of table) t.same(parseDebuggerRequest(text), words, text.slice(0, 40))
})

t.test('every part of a request is incomplete', async (t) => {
  const text = '*2\r\n$1\r\np\r\n$4\r\nKEYS\r\n'
  for (let end = 0; end < text.length; end++) {
    t.equal(
      parseDebuggerRequest(text.slice(0, end)),
      'incomplete',
      JSON.stringify(text.slice(0, end)),
    )
  }
  t.equal(parseDebuggerRequest('*1\r\n\0'), 'incomplete', 'a NUL ends what there is')
  t.equal(parseDebuggerRequest('*1\0\r\n$1\r\ns\r\n'), 'incomplete')
})

t.test('what can never be a request', async (t) => {
  const texts = [
    'step\r\n',
    '\0*1\r\n',
    '*0\r\n',
    '*-1\r\n',
    '*x\r\n',
    '*1025\r\n',
    '*4294967296\r\n',
    '*1\r\nstep',
    '*1\r\n$0\r\n',
    '*1\r\n$1025\r\n',
    '*1\r\n$x\r\n',
    '*1\r\n$1\r\nsxx',
    '*1\r\n$1\r\ns\rx',
  ]
  for (const text of texts) t.equal(parseDebuggerRequest(text), 'malformed', JSON.stringify(text))
})
