import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { prepareDirectories } from '../../lib/host/directory.ts'

t.test('every node gets a directory of its own, made if need be', async (t) => {
  const root = t.testdir()
  const dir = join(root, 'a', 'b')
  const paths = prepareDirectories(dir, 2)
  t.strictSame(paths, [join(dir, 'node-0'), join(dir, 'node-1')])
  for (const path of paths) t.ok(statSync(path).isDirectory())
  t.strictSame(prepareDirectories(dir, 2), paths, 'and keeps it')
})

t.test('what is no directory is refused', async (t) => {
  const root = t.testdir()
  const file = join(root, 'file')
  writeFileSync(file, '')
  t.throws(() => prepareDirectories(file, 1), {
    code: 'ERR_BAD_DIRECTORY',
    message: /`dir` must be a directory that can be written, not '.*file': .*; leave it out/,
    cause: { code: 'ENOTDIR' },
  })
  writeFileSync(join(root, 'node-0'), '')
  t.throws(() => prepareDirectories(root, 1), { code: 'ERR_BAD_DIRECTORY' })
})

t.test(
  'a place where nothing can be made is refused',
  { skip: !existsSync('/proc/1') },
  async (t) => {
    t.throws(() => prepareDirectories('/proc/none', 1), { code: 'ERR_BAD_DIRECTORY' })
  },
)
