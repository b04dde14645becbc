import t from 'tap'
import { DebuggedSource } from '../../lib/scripting/debugged-source.ts'

t.test('lines are shown with where the script is and is to stop', async (t) => {
  const source = new DebuggedSource('one\ntwo\nthree\0 hidden\r\nfour\r\n\n')
  source.current = 2
  source.addBreakpoint(2)
  source.addBreakpoint(3)
  t.same(source.around(1, 100), ['   1   one', '->#2   two', '  #3   three', '   4   four'])
  source.removeBreakpoint(2)
  t.equal(source.line(2), '-> 2   two')
  t.equal(source.line(0), '   0   <out of range source code line>')
  t.equal(source.line(5), '   5   <out of range source code line>')
  t.equal(source.line(-1), '   -1  <out of range source code line>')
})

t.test('lines around one', async (t) => {
  const source = new DebuggedSource(Array.from({ length: 1200 }, (_, i) => `l${i + 1}`).join('\n'))
  t.same(source.around(1, 1), ['   1   l1', '   2   l2'])
  t.same(source.around(1200, 1), ['   1199 l1199', '   1200 l1200'])
  t.same(source.around(5, 0), ['   5   l5'])
  t.same(source.around(5, -1), [])
  t.same(source.around(2000, 5), [])
})

t.test('no lines', async (t) => {
  for (const text of ['', '\n', '\r\n\r\n']) t.same(new DebuggedSource(text).around(1, 9), [])
})

t.test('breakpoints', async (t) => {
  const source = new DebuggedSource('x\n'.repeat(100))
  t.equal(source.addBreakpoint(0), 'wrong')
  t.equal(source.addBreakpoint(101), 'wrong')
  t.equal(source.addBreakpoint(7), 'set')
  t.equal(source.addBreakpoint(3), 'set')
  t.equal(source.addBreakpoint(7), 'wrong', 'once more')
  t.same(source.breakpoints, [7, 3])
  t.ok(source.stopsAt(3))
  t.notOk(source.stopsAt(4))
  t.equal(source.removeBreakpoint(4), false)
  t.equal(source.removeBreakpoint(7), true)
  t.same(source.breakpoints, [3])
  source.removeAllBreakpoints()
  t.same(source.breakpoints, [])
  for (let line = 1; line <= 64; line++) t.equal(source.addBreakpoint(line), 'set')
  t.equal(source.addBreakpoint(65), 'too many')
  t.equal(source.addBreakpoint(1), 'too many', 'although it is there')
})
