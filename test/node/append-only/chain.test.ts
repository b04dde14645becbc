/** The files an append-only file is made of: found, taken over, kept and deleted. */
import t from 'tap'
import { AofChain, UnusableLogError } from '../../../lib/node/append-only/chain.ts'
import { Config } from '../../../lib/node/config/config.ts'
import { RecordedIo } from '../../support/node-harness.ts'

const MANIFEST = 'appendonlydir/appendonly.aof.manifest'

function chain(files: Record<string, string> = {}) {
  const io = new RecordedIo()
  for (const [path, text] of Object.entries(files)) io.files.replace(path, text)
  const config = new Config()
  return {
    io,
    config,
    chain: new AofChain(config, io),
    lines: () => io.logs.map(([, line]) => line),
  }
}

t.test('without a manifest there are no files', async (t) => {
  const { chain: none } = chain()
  none.read()
  t.ok(none.manifest.isEmpty)
  t.equal(none.path('x'), 'appendonlydir/x')
})

t.test('a manifest that cannot be followed', async (t) => {
  const { chain: spoiled, lines } = chain({ [MANIFEST]: 'file x seq 1 type i\nfile y\n' })
  t.throws(() => spoiled.read(), {
    name: 'UnusableLogError',
    message:
      "the AOF manifest file cannot be followed at line 2 ('file y'): Invalid AOF manifest file format",
  })
  t.same(lines(), [
    '\n*** FATAL AOF MANIFEST FILE ERROR ***\n',
    'Reading the manifest file, at line 2\n',
    ">>> 'file y'\n",
    'Invalid AOF manifest file format\n',
  ])
  const { chain: unreadable, io } = chain({ [MANIFEST]: 'file x seq 1 type i\n' })
  io.files.read = () => {
    throw new Error('Input/output error')
  }
  t.throws(() => unreadable.read(), {
    message:
      "Fatal error: can't open the AOF manifest file appendonly.aof.manifest for reading: Input/output error",
  })
})

t.test('a file from before there were manifests is taken over', async (t) => {
  const base = 'file appendonly.aof seq 1 type b\n'
  for (const files of [
    { 'appendonly.aof': 'old' },
    { 'appendonly.aof': 'old', [MANIFEST]: base },
  ] as Record<string, string>[]) {
    const { chain: old, io, lines } = chain(files)
    old.read()
    old.upgrade()
    t.same(io.files.paths, ['appendonlydir/appendonly.aof', MANIFEST])
    t.equal(io.files.read(MANIFEST).toString(), base)
    t.same(lines(), [
      'Successfully migrated an old-style AOF file (appendonly.aof) into the AOF directory (appendonlydir).',
    ])
  }
  for (const files of [
    {},
    { 'appendonly.aof': 'old', [MANIFEST]: 'file x seq 1 type i\n' },
    { 'appendonly.aof': 'old', [MANIFEST]: base, 'appendonlydir/appendonly.aof': 'moved' },
  ] as Record<string, string>[]) {
    const { chain: new_, io } = chain(files)
    new_.read()
    new_.upgrade()
    t.same(io.files.paths, Object.keys(files).sort(), 'nothing moves')
  }
  const { chain: stuck, io } = chain({ 'appendonly.aof': 'old' })
  io.files.rename = () => {
    throw new Error('Permission denied')
  }
  t.throws(() => stuck.upgrade(), UnusableLogError)
})

t.test('history is deleted, and that it cannot be does no harm', async (t) => {
  const text = 'file a seq 2 type b\nfile old seq 1 type h\nfile b seq 1 type i\n'
  const { chain: long, io, config } = chain({ [MANIFEST]: text, 'appendonlydir/old': 'x' })
  long.read()
  config.set([['aof-disable-auto-gc', 'yes']])
  long.deleteHistory()
  t.equal(io.files.read(MANIFEST).toString(), text)
  config.set([['aof-disable-auto-gc', 'no']])
  const { replace } = io.files
  io.files.replace = () => {
    throw new Error('No space left on device')
  }
  long.deleteHistory()
  t.same(io.files.paths, [MANIFEST])
  t.equal(long.manifest.history.length, 1)
  io.files.replace = replace
  long.deleteHistory()
  t.equal(io.files.read(MANIFEST).toString(), 'file a seq 2 type b\nfile b seq 1 type i\n')
})

t.test('a file that is not there', async (t) => {
  const { chain: gap } = chain({ 'appendonlydir/x': 'four' })
  t.equal(gap.sizeOf('x'), 4)
  t.throws(() => gap.sizeOf('y'), {
    message: 'Unable to obtain the AOF file y length. stat: No such file or directory',
  })
})
