/** What a node says to its host: in which order, in how many frames, and when it wakes the host at all. */
import t from 'tap'
import type { NodeMessage } from '../../lib/control/message.ts'
import { unpackFromNode } from '../../lib/control/pack.ts'
import { HostLine } from '../../lib/runtime/host-line.ts'

const event: NodeMessage = { type: 'event', event: { type: 'state', ok: true } }
const line: NodeMessage = { type: 'log', level: 'notice', timeMs: 1, text: 'a line' }

/** A line whose frames, and what is announced between them, are written down. */
function start() {
  const heard: (readonly string[] | 'announced')[] = []
  const view = { isSettled: false, announce: () => heard.push('announced') }
  const control = {
    postMessage: (frame: Uint8Array) => {
      heard.push(unpackFromNode(frame).map(({ type }) => type))
    },
  }
  return { heard, view, hostLine: new HostLine(control, view) }
}

t.test('what a turn says is one frame, before what it changed is announced', async (t) => {
  const { heard, hostLine } = start()
  hostLine.add(line)
  hostLine.add(event)
  t.same(heard, [], 'nothing before its end')
  hostLine.settle()
  hostLine.settle()
  t.same(heard, [['log', 'event'], 'announced', 'announced'])
})

t.test('an answer does not wait, nor overtake what was said before', async (t) => {
  const { heard, hostLine } = start()
  hostLine.add(line)
  hostLine.post({ type: 'heard', request: 1 })
  hostLine.send()
  t.same(heard, [['log', 'heard']])
})

t.test('a node that arrives wakes nobody until it is settled', async (t) => {
  const { heard, view, hostLine } = start()
  hostLine.beginArrival()
  hostLine.add(line)
  hostLine.settle()
  t.same(heard, [], 'for a line of its log')
  hostLine.add(event)
  hostLine.settle()
  t.same(heard.splice(0), [['log', 'event']], 'what somebody may wait for is said')
  view.isSettled = true
  hostLine.add(line)
  hostLine.settle()
  t.same(heard.splice(0), [['log'], 'announced'])
  view.isSettled = false
  hostLine.settle()
  t.same(heard, ['announced'], 'for good')
})

t.test('who arrives for too long is heard all the same', async (t) => {
  const { heard, hostLine } = start()
  hostLine.beginArrival()
  hostLine.endArrival()
  hostLine.add(line)
  hostLine.settle()
  t.same(heard, [['log'], 'announced'])
})
