/** nodes.conf on disk is read back as written, and replaced as a whole. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ClusterConfigFile } from '../../lib/runtime/cluster-config-file.ts'

t.test('what is written is read back, synced or not', (t) => {
  const directory = t.testdir()
  const file = new ClusterConfigFile(join(directory, 'nodes.conf'))
  t.equal(file.read(), undefined, 'nothing yet')
  file.write('a long first text\n', true)
  file.write('short \xff\n', false)
  t.equal(file.read(), 'short \xff\n')
  t.strictSame(readdirSync(directory), ['nodes.conf'], 'nothing else is left')
  t.end()
})

t.test('an empty file is no configuration', (t) => {
  const path = join(t.testdir(), 'nodes.conf')
  writeFileSync(path, '')
  t.equal(new ClusterConfigFile(path).read(), undefined)
  t.end()
})

t.test('what cannot be read or written is an error', (t) => {
  const path = join(t.testdir(), 'nodes.conf')
  mkdirSync(path)
  t.throws(() => new ClusterConfigFile(path).read(), { code: 'EISDIR' })
  t.throws(() => new ClusterConfigFile(join(path, 'no', 'such')).write('x', true), {
    code: 'ENOENT',
  })
  t.throws(() => new ClusterConfigFile(path).write('x', false), { code: 'EISDIR' })
  t.strictSame(readdirSync(join(path, '..')), ['nodes.conf'], 'nothing else is left')
  t.end()
})
