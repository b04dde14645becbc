/** What only files in memory do; that they do what those on disk do is seen in disk-files.test.ts. */
import t from 'tap'
import { MemoryFiles } from '../../lib/runtime/memory-files.ts'

t.test('a file goes on under its new name', async (t) => {
  const files = new MemoryFiles()
  const growing = files.grow('a')
  growing.append('1')
  files.rename('a', 'b')
  growing.append('2')
  files.replace('c', '3')
  t.equal(String(files.read('b')), '12')
  t.same(files.paths, ['b', 'c'])
})
