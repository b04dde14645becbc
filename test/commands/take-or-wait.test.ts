import t from 'tap'
import type { Context, KeyWait } from '../../lib/commands/context.ts'
import { takeOrWait } from '../../lib/commands/take-or-wait.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'

function stage(allowed: boolean) {
  const reply = new WireReply()
  const waits: KeyWait[] = []
  const asked: string[] = []
  const context = {
    reply,
    blocking: { allowed, awaitKeys: (wait: KeyWait) => waits.push(wait) },
  } as unknown as Context
  const take = (...ready: string[]) => {
    takeOrWait(context, {
      keys: ['a', 'b', 'c'],
      type: 'list',
      untilMs: 5,
      serve: (key) => {
        asked.push(key)
        return ready.includes(key)
      },
    })
  }
  return { take, asked, waits, reply }
}

t.test('the first key that can serves', async (t) => {
  const { take, asked, waits, reply } = stage(true)
  take('b', 'c')
  t.same(asked, ['a', 'b'])
  t.same(waits, [])
  t.equal(reply.take(), '')
})

t.test('when none can, the client waits for all, or is answered where it may not', async (t) => {
  const waiting = stage(true)
  waiting.take()
  t.match(waiting.waits, [{ keys: ['a', 'b', 'c'], untilMs: 5 }])
  t.equal(waiting.reply.take(), '')
  const refused = stage(false)
  refused.take()
  t.same(refused.waits, [])
  t.equal(refused.reply.take(), '*-1\r\n')
})
