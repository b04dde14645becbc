/** A snapshot in memory: there from its publication on, or from an earlier life. */
import t from 'tap'
import { bytesOfSource, type RdbSource } from '../../lib/rdb/source.ts'
import { MemorySnapshot } from '../../lib/runtime/memory-snapshot.ts'

const bytesOf = (text: string) => Buffer.from(text, 'latin1')

const textOf = (source: RdbSource | undefined): string | undefined =>
  source && bytesOfSource(source).toString('latin1')

t.test('what is published replaces what was there, and is told', async (t) => {
  const told: string[] = []
  const snapshots = new MemorySnapshot((snapshot) => told.push(snapshot.toString('latin1')))
  t.equal(snapshots.read(), undefined)
  snapshots.restore(bytesOf('old'))
  const draft = snapshots.draft()
  draft.append(bytesOf('ne'))
  draft.append(bytesOf('w\xff'))
  const given = snapshots.draft()
  given.append(bytesOf('given up'))
  given.discard()
  t.equal(textOf(snapshots.read()), 'old')
  draft.finishLater((error) => {
    t.equal(error, undefined)
    draft.publish()
  })
  t.same([textOf(snapshots.read()), told], ['new\xff', ['new\xff']])
  t.equal(textOf(snapshots.read()), 'new\xff', 'as often as one likes')
})
