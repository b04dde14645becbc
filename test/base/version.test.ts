import t from 'tap'
import { DEFAULT_RELEASE, RELEASES, type Release, Version } from '../../lib/base/version.ts'

t.test('a release stands for its last patch', async (t) => {
  t.equal(new Version('7.0').text, '7.0.15')
  t.equal(new Version('7.0.3').text, '7.0.3')
  t.ok(new Version('7.0').atLeast('7.0.15'))
  t.notOk(new Version('7.0').atLeast('7.0.16'))
  t.ok(new Version('7.2').atLeast('7.2.0'), 'what came with the release is there')
})

t.test('versions are ordered by their numbers, not their letters', async (t) => {
  const ordered = [
    '1.0.0',
    '2.8.12',
    '6.0.9',
    '6.0.10',
    '6.2.0',
    '7.0',
    '7.2',
    '7.4',
    '8.0',
    '10.0.0',
  ]
  for (const [i, one] of ordered.entries()) {
    for (const [j, other] of ordered.entries()) {
      const version = new Version(RELEASES[other as Release] ?? other)
      t.equal(new Version(one).atLeast(version.text), i >= j, `${one} and ${other}`)
    }
  }
})

t.test('releases are listed oldest first, the default among them', async (t) => {
  const names = Object.keys(RELEASES)
  t.same(names, [...names].sort())
  t.ok(names.includes(DEFAULT_RELEASE))
  for (const [name, version] of Object.entries(RELEASES)) t.ok(version.startsWith(`${name}.`))
})
