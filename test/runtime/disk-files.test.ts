/** The files of a node, on disk and in memory: the same calls lead to the same files. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { NodeFiles } from '../../lib/node/files.ts'
import { DiskFiles } from '../../lib/runtime/disk-files.ts'
import { MemoryFiles } from '../../lib/runtime/memory-files.ts'

function onDisk(directory: string): { files: DiskFiles; turns: () => number } {
  let turns = 0
  const turn = (action: () => void): void => {
    turns++
    action()
  }
  return { files: new DiskFiles((path) => join(directory, path), turn), turns: () => turns }
}

async function exercise(t: Test, files: NodeFiles): Promise<void> {
  const text = (path: string) => files.read(path).toString('latin1')
  t.equal(files.sizeOf('sub/log'), undefined)
  files.makeDirectory('sub')
  files.makeDirectory('sub')
  const log = files.grow('sub/log')
  t.same(log.append('one \xff'), { bytes: 5 })
  log.append('two')
  log.sync()
  t.equal(text('sub/log'), 'one \xfftwo')
  log.truncate(5)
  log.append('three')
  t.equal(files.sizeOf('sub/log'), 10)
  t.equal(text('sub/log'), 'one \xffthree')
  const failure = await new Promise((resolve) => {
    log.syncLater(resolve)
    log.close()
  })
  t.equal(failure, undefined)
  files.truncate('sub/log', 3)
  const more = files.grow('sub/log')
  more.append('!')
  more.close()
  files.rename('sub/log', 'sub/moved')
  t.equal(text('sub/moved'), 'one!')
  t.equal(files.sizeOf('sub/log'), undefined)
  files.replace('sub/moved', 'new')
  t.equal(text('sub/moved'), 'new')
  const draft = files.draft('temp')
  draft.append(Buffer.from('dra'))
  draft.append(Buffer.from('ft'))
  draft.finish()
  t.equal(draft.sizeBytes, 5)
  draft.publish('sub/draft')
  t.equal(text('sub/draft'), 'draft')
  const slow = files.draft('temp')
  slow.append(Buffer.from('slow'))
  const trouble = await new Promise((resolve) => slow.finishLater(resolve))
  t.equal(trouble, undefined)
  slow.publish('sub/draft')
  t.equal(text('sub/draft'), 'slow')
  files.draft('temp').discard()
  t.equal(files.sizeOf('temp'), undefined)
  files.remove('sub/draft')
  files.remove('sub/draft')
  t.throws(() => files.read('sub/draft'), { message: 'No such file or directory' })
  t.throws(() => files.rename('sub/draft', 'x'), { message: 'No such file or directory' })
}

t.test('on disk', async (t) => {
  const directory = t.testdir()
  const { files, turns } = onDisk(directory)
  await exercise(t, files)
  t.equal(turns(), 2, 'the disk answers in turns of their own')
  t.same(readdirSync(join(directory, 'sub')), ['moved'])
  t.equal(readFileSync(join(directory, 'sub', 'moved'), 'latin1'), 'new')
})

t.test('in memory', (t) => exercise(t, new MemoryFiles()))

t.test('what the disk refuses is told in its words', async (t) => {
  const directory = t.testdir()
  const { files } = onDisk(directory)
  mkdirSync(join(directory, 'sub'))
  writeFileSync(join(directory, 'plain'), 'x')
  t.throws(() => files.makeDirectory('plain'), { message: 'Not a directory' })
  t.throws(() => files.makeDirectory('none/sub'), { message: 'No such file or directory' })
  t.equal(files.sizeOf('plain/x'), undefined)
  t.throws(() => files.grow('sub'), { message: 'Is a directory' })
  t.throws(() => files.read('sub'), { message: 'Is a directory' })
  t.throws(() => files.replace('none/x', ''), { message: 'No such file or directory' })
  t.throws(() => files.draft('none/x'), { message: 'No such file or directory' })
  const full = files.grow('full')
  full.close()
  t.match(full.append('x'), { bytes: 0, failure: /./ }, 'a file that is gone takes nothing')
})
