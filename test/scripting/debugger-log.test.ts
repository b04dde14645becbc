import t from 'tap'
import { DebuggerLog } from '../../lib/scripting/debugger-log.ts'

t.test('lines are sent as arrays of simple strings', async (t) => {
  const log = new DebuggerLog()
  t.equal(log.take(), '')
  log.add('a\r\nb')
  t.equal(log.take(), '', 'not yet')
  log.add('')
  log.send()
  log.send()
  t.equal(log.take(), '*2\r\n+a  b\r\n+\r\n*0\r\n')
  t.equal(log.take(), '')
})

t.test(
  'a line that is too long is cut, and the client told once how to have all of it',
  async (t) => {
    const log = new DebuggerLog()
    const long = 'x'.repeat(257)
    log.add(long)
    log.addCut('y'.repeat(256))
    log.addCut(long)
    log.addCut(long)
    log.send()
    const hint = "+<hint> The above reply was trimmed. Use 'maxlen 0' to disable trimming.\r\n"
    const cut = `+${'x'.repeat(256)} ...\r\n`
    t.equal(log.take(), `*5\r\n+${long}\r\n+${'y'.repeat(256)}\r\n${cut}${hint}${cut}`)
  },
)

t.test('how long a line may be', async (t) => {
  const log = new DebuggerLog()
  for (const [asked, is] of [
    [100, 100],
    [61, 61],
    [60, 60],
    [1, 60],
    [-5, 60],
    [0, 0],
  ] as const) {
    log.maxLength = asked
    t.equal(log.maxLength, is, `${asked}`)
  }
  log.addCut('x'.repeat(1000))
  log.send()
  t.equal(log.take().length, 1000 + 7)
  log.maxLength = 60
  log.addCut('x'.repeat(61))
  log.send()
  t.equal(log.take(), `*1\r\n+${'x'.repeat(60)} ...\r\n`, 'who knows of it needs no hint')
})
