/** What replicas hear of groups: as captured from a real server, see the commands' replies in the conformance corpus. */
import t from 'tap'
import { CommandRunner } from '../support/command-runner.ts'

function stage() {
  const runner = new CommandRunner({ now: 5000 })
  runner.runAll('XADD s 1 f v', 'XADD s 2 f v', 'XADD s 3 f v', 'XGROUP CREATE s g 0')
  runner.takePropagated()
  return (line: string) => {
    runner.run(line)
    return runner.takePropagated().map((words) => words.join(' '))
  }
}

const claim = (consumer: string, id: string, count: number, last: string) =>
  `XCLAIM s g ${consumer} 0 ${id} TIME 5000 RETRYCOUNT ${count} FORCE JUSTID LASTID ${last}`

t.test('deliveries', async (t) => {
  const propagated = stage()
  t.strictSame(propagated('XREADGROUP GROUP g a COUNT 1 STREAMS s >'), [
    claim('a', '1-0', 1, '1-0'),
  ])
  t.strictSame(propagated('XREADGROUP GROUP g a STREAMS s 0'), [], 'not what is read again')
  t.strictSame(propagated('XREADGROUP GROUP g b NOACK COUNT 1 STREAMS s >'), [
    'XGROUP CREATECONSUMER s g b',
    'XGROUP SETID s g 2-0 ENTRIESREAD 2',
  ])
  t.strictSame(propagated('XREADGROUP GROUP g b NOACK STREAMS s >'), [
    'XGROUP SETID s g 3-0 ENTRIESREAD 3',
  ])
  t.strictSame(propagated('XREADGROUP GROUP g b STREAMS s >'), [])
})

t.test('claims', async (t) => {
  const propagated = stage()
  propagated('XREADGROUP GROUP g a STREAMS s >')
  t.strictSame(propagated('XCLAIM s g b 100 1'), [])
  t.strictSame(propagated('XCLAIM s g b 0 1 2-0'), [
    claim('b', '1', 2, '3-0'),
    claim('b', '2-0', 2, '3-0'),
  ])
  t.strictSame(propagated('XCLAIM s g b 0 9 LASTID 7'), ['XGROUP SETID s g 7-0 ENTRIESREAD 3'])
  t.strictSame(propagated('XAUTOCLAIM s g c 0 2 COUNT 1 JUSTID'), [claim('c', '2-0', 2, '7-0')])
  propagated('XDEL s 1 3')
  t.strictSame(propagated('XCLAIM s g c 0 1'), [claim('b', '1', 2, '7-0')], 'who lost it')
  t.strictSame(propagated('XAUTOCLAIM s g c 100 0'), [claim('a', '3-0', 1, '7-0')])
  t.strictSame(propagated('XPENDING s g'), [])
})

t.test('groups', async (t) => {
  const propagated = stage()
  for (const line of [
    'XGROUP CREATECONSUMER s g a',
    'XGROUP SETID s g 2',
    'XGROUP DELCONSUMER s g a',
    'XGROUP DESTROY s g',
  ]) {
    t.strictSame(propagated(line), [line])
  }
  t.strictSame(propagated('XGROUP DESTROY s g'), [])
})
