/** What a manifest says and refuses to say; the texts are those of redis-server 7.0.15. */
import t from 'tap'
import { Manifest, ManifestError, NO_FILES } from '../../lib/aof/manifest.ts'

const STEM = 'appendonly.aof'

t.test('grows with each file and each rewriting', async (t) => {
  const first = NO_FILES.withNewBase(STEM, 'rdb').withNewIncrement(STEM)
  t.equal(
    first.text,
    'file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
  )
  const later = first.withNewIncrement(STEM).withNewIncrement(STEM)
  const rewritten = later.withNewBase(STEM, 'aof').withoutRewritten({ keepsLast: true })
  t.equal(
    rewritten.text,
    [
      'file appendonly.aof.2.base.aof seq 2 type b',
      'file appendonly.aof.2.incr.aof seq 2 type h',
      'file appendonly.aof.1.incr.aof seq 1 type h',
      'file appendonly.aof.1.base.rdb seq 1 type h',
      'file appendonly.aof.3.incr.aof seq 3 type i',
      '',
    ].join('\n'),
  )
  t.equal(Manifest.parse(rewritten.text).text, rewritten.text)
  t.equal(
    rewritten.withoutHistory().text,
    'file appendonly.aof.2.base.aof seq 2 type b\nfile appendonly.aof.3.incr.aof seq 3 type i\n',
  )
  t.equal(first.text.split('\n').length, 3, 'what was before stays what it was')
  t.same(
    rewritten.files.map(({ name }) => name),
    ['appendonly.aof.2.base.aof', 'appendonly.aof.3.incr.aof'],
  )
  const whole = rewritten.withoutRewritten({ keepsLast: false })
  t.equal(whole.lastIncrement, undefined)
  t.equal(whole.withNewIncrement(STEM).lastIncrement?.sequence, 4)
})

t.test('a file of before', async (t) => {
  const manifest = NO_FILES.withOldFile(STEM)
  t.equal(manifest.text, 'file appendonly.aof seq 1 type b\n')
  t.equal(manifest.withNewBase(STEM, 'rdb').base?.name, 'appendonly.aof.2.base.rdb')
})

t.test('is read as leniently as Redis reads it', async (t) => {
  const manifest = Manifest.parse(
    '# a note\nFILE  x SEQ 3 TYPE base colour blue \n\tfile "a \\"b\\"\\n" seq 7 type i\n',
  )
  t.same(manifest.base, { name: 'x', sequence: 3, type: 'base' })
  t.same(manifest.lastIncrement, { name: 'a "b"\n', sequence: 7, type: 'increment' })
  t.equal(manifest.withNewIncrement('y').lastIncrement?.name, 'y.8.incr.aof')
  t.equal(
    manifest.text,
    'file x seq 3 type b\nfile "a \\"b\\"\\n" seq 7 type i\n',
    'a name that is not one word is quoted',
  )
  t.ok(Manifest.parse('# nothing\n').isEmpty)
})

t.test('is refused with the place and the reason', async (t) => {
  const invalid = 'Invalid AOF manifest file format'
  const line = 'file x seq 1 type i'
  for (const [text, reason, number] of [
    ['', 'Found an empty AOF manifest', undefined],
    [line, 'The AOF manifest file contains too long line', undefined],
    [`${line} ${'x '.repeat(600)}\n`, 'The AOF manifest file contains too long line', undefined],
    ['file x\n', invalid, 1],
    [`${line}\n\n`, invalid, 2],
    ['file x seq 1 type i odd\n', invalid, 1],
    ['file "x seq 1 type i\n', invalid, 1],
    ['file x seq abc type i\n', invalid, 1],
    ['filx x seq 1 type i\n', invalid, 1],
    ['file x seq 1 type ""\n', invalid, 1],
    ['file x seq 1 type x\n', 'Unknown AOF file type', 1],
    ['file a/b seq 1 type i\n', "File can't be a path, just a filename", 1],
    ['file x seq 2 type i\nfile y seq 1 type i\n', 'Found a non-monotonic sequence number', 2],
    ['file x seq 1 type b\nfile y seq 2 type b\n', 'Found duplicate base file information', 2],
  ] as const) {
    try {
      Manifest.parse(text)
      t.fail(`${JSON.stringify(text)} was taken`)
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error
      t.equal(error.message, reason)
      t.equal(error.line, number, text)
    }
  }
})
