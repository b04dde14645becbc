import t from 'tap'
import { directivesOf } from '../../lib/host/directive.ts'

t.test('values become text as in a redis.conf', async (t) => {
  t.strictSame(
    directivesOf({
      config: {
        'Maxmemory-Policy': 'allkeys-lru',
        maxmemory: 1_000_000,
        appendonly: false,
        'cluster-allow-reads-when-down': true,
        save: ['900 1', '300 10'],
        'lfu-log-factor': [3],
      },
    }),
    [
      ['maxmemory-policy', 'allkeys-lru'],
      ['maxmemory', '1000000'],
      ['appendonly', 'no'],
      ['cluster-allow-reads-when-down', 'yes'],
      ['save', '900 1'],
      ['save', '300 10'],
      ['lfu-log-factor', '3'],
    ],
  )
})

t.test('other options stand for directives', async (t) => {
  t.strictSame(directivesOf({ nodeTimeout: 500, password: 'x' }), [
    ['cluster-node-timeout', '500'],
    ['requirepass', 'x'],
    ['masterauth', 'x'],
  ])
  t.strictSame(directivesOf({}), [])
})

t.test('what cannot be is refused', async (t) => {
  const table: [given: Parameters<typeof directivesOf>[0], message: RegExp][] = [
    [{ config: { port: 1 } }, /`config` cannot have the directive `port`; use the option `port`/],
    [{ config: { BIND: 'x' } }, /use the option `host`/],
    [{ config: { dir: '/x' } }, /use the option `dir`/],
    [{ config: { maxmemory: null } }, /`config\['maxmemory'\]` must be a string, a number/],
    [{ config: { maxmemory: Number.NaN } }, /`config\['maxmemory'\]`/],
    [{ config: { save: [true] } }, /`config\['save'\]`/],
    [{ config: { save: {} } }, /`config\['save'\]`/],
    [{ config: 'maxmemory 1' }, /`config` must be an object of directives/],
    [{ password: 'x', config: { masterauth: 'y' } }, /`password` and the directive `masterauth`/],
    [{ nodeTimeout: 1, config: { 'cluster-node-timeout': 2 } }, /say the same thing twice/],
  ]
  for (const [given, message] of table) {
    t.throws(() => directivesOf(given), { code: 'ERR_BAD_OPTION', message }, message.source)
  }
})
