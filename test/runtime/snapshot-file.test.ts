import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bytesOfSource, type RdbSource } from '../../lib/rdb/source.ts'
import { draftSnapshot, readSnapshot } from '../../lib/runtime/snapshot-file.ts'

const turn = (action: () => void) => action()

/** What the file at this path holds. */
function kept(path: string): string {
  return String(bytesOfSource(readSnapshot(path) as RdbSource))
}

/** A draft that has all its bytes. */
function drafted(path: string, chunks = [Buffer.from('REDIS'), Buffer.from('0010')]) {
  const draft = draftSnapshot(path, { isInBackground: false, turn })
  for (const chunk of chunks) draft.append(chunk)
  return draft
}

t.test('a draft takes the place of the file when it is published', async (t) => {
  const directory = t.testdir({ 'dump.rdb': 'old' })
  const path = join(directory, 'dump.rdb')
  const draft = drafted(path)
  t.same(readdirSync(directory).sort(), ['dump.rdb', `temp-${process.pid}.rdb`])
  t.equal(kept(path), 'old')
  draft.publish()
  t.same(readdirSync(directory), ['dump.rdb'])
  t.equal(kept(path), 'REDIS0010')
})

t.test('one may be made while another is in the making in the background', async (t) => {
  const path = join(t.testdir(), 'dump.rdb')
  const slow = draftSnapshot(path, { isInBackground: true, turn })
  slow.append(Buffer.from('slow'))
  drafted(path).publish()
  slow.append(Buffer.from('er'))
  t.equal(kept(path), 'REDIS0010')
  slow.publish()
  t.equal(kept(path), 'slower')
})

t.test('a draft that is discarded leaves nothing', async (t) => {
  const directory = t.testdir()
  drafted(join(directory, 'dump.rdb')).discard()
  t.same(readdirSync(directory), [])
  t.equal(readSnapshot(join(directory, 'dump.rdb')), undefined)
})

t.test('what cannot be written or read says why', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'dump.rdb')
  mkdirSync(path)
  t.throws(() => drafted(path).publish(), {
    message: `Error moving temp DB file temp-${process.pid}.rdb on the final destination dump.rdb (in server root dir ${directory}): Is a directory`,
  })
  t.same(readdirSync(directory), ['dump.rdb'], 'nothing is left of it')
  t.throws(() => drafted(join(directory, 'no', 'x.rdb')), {
    message: `Failed opening the temp RDB file temp-${process.pid}.rdb (in server root dir ${directory}/no) for saving: No such file or directory`,
  })
  t.throws(() => readSnapshot(path), { message: /for reading: Is a directory$/ })
})

t.test('a file is read in pieces, as it was when it was opened', async (t) => {
  const path = join(t.testdir({ 'dump.rdb': 'REDIS0010' }), 'dump.rdb')
  const source = readSnapshot(path) as RdbSource
  t.equal(source.sizeBytes, 9)
  const target = Buffer.alloc(6, '.')
  t.equal(source.read(target, 2), 4)
  t.equal(String(target), '..REDI')
  drafted(path, [Buffer.from('new')]).publish()
  t.equal(source.read(target, 6), 0, 'there is no room')
  t.equal(source.read(target, 0), 5)
  t.equal(String(target), 'S0010I')
  t.equal(source.read(target, 0), 0)
  source.close()
  source.close()
  t.equal(source.read(target, 0), 0)
})

t.test('what cannot be brought to disk says why, in a turn', async (t) => {
  const temporary = `temp-${process.pid}-bg.rdb`
  const directory = t.testdir({ [temporary]: t.fixture('symlink', '/dev/null') })
  const turns: string[] = []
  const draft = draftSnapshot(join(directory, 'dump.rdb'), {
    isInBackground: true,
    turn(action) {
      turns.push('begins')
      action()
      turns.push('ends')
    },
  })
  draft.append(Buffer.from('REDIS'))
  const failure = await new Promise<Error | undefined>((resolve) => {
    draft.finishLater((error) => {
      turns.push('told')
      resolve(error)
    })
  })
  t.equal(failure?.message, 'Write error saving DB on disk: Invalid argument')
  t.same(turns.slice(0, 2), ['begins', 'told'])
  t.same(readdirSync(directory), [])
})

t.test('a file of many chunks is whole', async (t) => {
  const path = join(t.testdir(), 'dump.rdb')
  const large = Array.from({ length: 40 }, (_, i) => Buffer.alloc(70_000, i))
  drafted(path, large).publish()
  t.ok(readFileSync(path).equals(Buffer.concat(large)))
})
