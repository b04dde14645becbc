import t from 'tap'
import { LOG_LIMIT, LogRing } from '../../lib/host/log-ring.ts'

t.test('the last lines are kept, in order', async (t) => {
  const ring = new LogRing()
  const total = 3 * LOG_LIMIT + 7
  for (let i = 0; i < total; i++) {
    ring.add({ level: 'notice', timeMs: i, text: `${i}`, node: 0 })
    if (i === 9) t.equal(ring.entries.length, 10)
  }
  const texts = ring.entries.map(({ text }) => Number(text))
  t.same(
    texts,
    Array.from({ length: LOG_LIMIT }, (_, i) => total - LOG_LIMIT + i),
  )
  ring.entries.length = 0
  t.equal(ring.entries.length, LOG_LIMIT, 'what is handed out is a copy')
})
