import t from 'tap'
import { isLoggedAt, LINE_LEVELS, logLine } from '../../lib/control/log-line.ts'

t.test('a line looks as in the log of Redis', async (t) => {
  const timeMs = new Date(2025, 10, 1, 9, 5, 7, 12).getTime()
  t.equal(
    logLine({ level: 'notice', timeMs, text: 'Cluster state changed: ok' }, '36', 'master'),
    '36:M 01 Nov 2025 09:05:07.012 * Cluster state changed: ok\n',
  )
  const marks = LINE_LEVELS.map(
    (level) => /\.012 (.) $/m.exec(logLine({ level, timeMs, text: '' }, '', 'replica'))?.[1],
  )
  t.strictSame(marks, ['.', '-', '*', '#'])
  t.match(logLine({ level: 'debug', timeMs, text: 'x' }, 'a:1', 'replica'), /^a:1:S /)
})

t.test('a level lets more important lines through', async (t) => {
  t.strictSame(
    LINE_LEVELS.map((level) => isLoggedAt(level, 'notice')),
    [false, false, true, true],
  )
  t.notOk(isLoggedAt('warning', 'nothing'))
})
