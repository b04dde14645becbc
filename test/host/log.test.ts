import t from 'tap'
import { logLine } from '../../lib/host/log.ts'

t.test('a line looks as in the log of Redis, with the address for the process id', async (t) => {
  const timeMs = new Date(2025, 10, 1, 9, 5, 7, 12).getTime()
  t.equal(
    logLine(
      { level: 'notice', timeMs, text: 'Cluster state changed: ok', node: 0 },
      'a:1',
      'master',
    ),
    'a:1:M 01 Nov 2025 09:05:07.012 * Cluster state changed: ok\n',
  )
  const marks = (['debug', 'verbose', 'notice', 'warning'] as const).map(
    (level) =>
      /\.012 (.) $/m.exec(logLine({ level, timeMs, text: '', node: 0 }, '', 'replica'))?.[1],
  )
  t.strictSame(marks, ['.', '-', '*', '#'])
  t.match(logLine({ level: 'debug', timeMs, text: 'x', node: 0 }, 'a:1', 'replica'), /^a:1:S /)
})
