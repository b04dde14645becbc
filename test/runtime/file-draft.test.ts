/** Files that are whole or not there: what is left of each attempt. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { FileDraft, syncDirectoryOf } from '../../lib/runtime/file-draft.ts'

t.test('takes the place of the file when it is published', async (t) => {
  const directory = t.testdir({ kept: 'old' })
  const draft = FileDraft.write(join(directory, 'temp'), ['t\xe9xt ', Buffer.from([0, 255])])
  t.equal(draft.sizeBytes, 7)
  t.equal(readFileSync(join(directory, 'kept'), 'latin1'), 'old')
  draft.publish(join(directory, 'kept'))
  t.equal(readFileSync(join(directory, 'kept'), 'latin1'), 't\xe9xt \0\xff')
  t.same(readdirSync(directory), ['kept'])
  syncDirectoryOf(join(directory, 'kept'))
})

/** How a draft of this name ends that is finished later. */
function finishedLater(draft: FileDraft): Promise<Error | undefined> {
  return new Promise((resolve) => draft.finishLater(resolve))
}

t.test('is on disk some time later', async (t) => {
  const directory = t.testdir()
  const draft = new FileDraft(join(directory, 'temp'))
  draft.append('text')
  t.equal(await finishedLater(draft), undefined)
  draft.publish(join(directory, 'kept'))
  t.equal(readFileSync(join(directory, 'kept'), 'latin1'), 'text')
  t.equal(await finishedLater(draft), undefined, 'it was finished')
})

t.test('who finished it later may want it on disk now', async (t) => {
  const directory = t.testdir({ failing: t.fixture('symlink', '/dev/null') })
  const draft = new FileDraft(join(directory, 'temp'))
  draft.append('text')
  const later = finishedLater(draft)
  draft.finish()
  draft.publish(join(directory, 'kept'))
  t.equal(await later, undefined)
  t.equal(readFileSync(join(directory, 'kept'), 'latin1'), 'text')

  const failing = new FileDraft(join(directory, 'failing'))
  failing.finishLater(() => t.fail('it was told at once'))
  t.throws(() => failing.finish(), { code: 'EINVAL' })
  t.same(readdirSync(directory), ['kept'])
  await finishedLater(new FileDraft(join(directory, 'other')))
})

t.test('what cannot be brought to disk leaves nothing', async (t) => {
  const directory = t.testdir({ temp: t.fixture('symlink', '/dev/null') })
  const error = await finishedLater(new FileDraft(join(directory, 'temp')))
  t.match(error, { code: 'EINVAL' })
  t.same(readdirSync(directory), [])
})

t.test('discarded while the disk is at it, it says no more', async (t) => {
  const directory = t.testdir()
  const draft = new FileDraft(join(directory, 'temp'))
  draft.finishLater(() => t.fail('nobody waits any more'))
  draft.discard()
  t.same(readdirSync(directory), [])
  t.equal(await finishedLater(new FileDraft(join(directory, 'other'))), undefined)
})

t.test('is gone when it is discarded', async (t) => {
  const directory = t.testdir()
  FileDraft.write(join(directory, 'temp'), ['x'], { sync: false }).discard()
  t.same(readdirSync(directory), [])
})

t.test('leaves nothing when it fails', async (t) => {
  const directory = t.testdir()
  function* failing(): Generator<string> {
    yield 'half'
    throw new Error('no more')
  }
  t.throws(() => FileDraft.write(join(directory, 'temp'), failing()), { message: 'no more' })
  t.same(readdirSync(directory), [])
  t.throws(() => FileDraft.write(join(directory, 'none', 'temp'), []), { code: 'ENOENT' })
  mkdirSync(join(directory, 'taken'))
  const draft = FileDraft.write(join(directory, 'temp'), [])
  t.throws(() => draft.publish(join(directory, 'taken')), { code: 'EISDIR' })
  t.notOk(existsSync(join(directory, 'temp')))
})
