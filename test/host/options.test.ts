import { resolve } from 'node:path'
import t from 'tap'
import { ClusterError } from '../../lib/host/cluster-error.ts'
import { NODE_LIMIT, resolveOptions, type StartOptions } from '../../lib/host/options.ts'

t.test('defaults', async (t) => {
  const { seed, ...rest } = resolveOptions()
  t.strictSame(rest, {
    clusterEnabled: true,
    masters: 3,
    replicas: 1,
    host: '127.0.0.1',
    announcedHost: '127.0.0.1',
    port: 0,
    bus: 'channel',
    failureDetection: 'instant',
    nodeTimeoutMs: 15_000,
    version: undefined,
    directives: [],
    directory: undefined,
    password: undefined,
    logLevel: 'nothing',
    writeLog: undefined,
    signal: undefined,
    form: true,
  })
  t.match(seed, /^\d+$/)
  t.not(resolveOptions().seed, seed, 'another seed each time')
})

t.test('an option given as undefined is not given', async (t) => {
  const names = ['masters', 'replicas', 'host', 'port', 'bus', 'nodeTimeout', 'config', 'dir']
  const given = Object.fromEntries(names.map((name) => [name, undefined]))
  t.strictSame({ ...resolveOptions(given), seed: '' }, { ...resolveOptions({}), seed: '' })
})

t.test('what is given is taken', async (t) => {
  const { signal } = new AbortController()
  const write = () => {}
  t.match(
    resolveOptions({
      masters: 1,
      replicas: 0,
      host: '0.0.0.0',
      port: 7000,
      bus: 'tcp',
      failureDetection: 'timeout',
      version: '7.2',
      dir: 'data',
      seed: 7,
      log: { level: 'debug', write },
      signal,
      form: false,
    }),
    {
      masters: 1,
      replicas: 0,
      host: '0.0.0.0',
      announcedHost: '127.0.0.1',
      port: 7000,
      bus: 'tcp',
      failureDetection: 'timeout',
      version: '7.2',
      directory: resolve('data'),
      seed: '7',
      logLevel: 'debug',
      writeLog: write,
      signal,
      form: false,
    },
  )
  t.equal(resolveOptions({ log: 'notice' }).logLevel, 'notice')
  t.equal(resolveOptions({ port: 0 }).port, 0, 'port 0 is no port')
})

t.test('what clients are told is an address they can reach', async (t) => {
  const told = (options: StartOptions) => resolveOptions(options).announcedHost
  t.equal(told({ host: 'localhost' }), '127.0.0.1')
  t.equal(told({ host: '::' }), '::1')
  t.equal(told({ host: '::1' }), '::1')
  t.equal(told({ host: '0.0.0.0', config: { 'cluster-announce-ip': '10.0.0.7' } }), '10.0.0.7')
})

t.test('without a cluster there is one master, and replicas if they are asked for', async (t) => {
  const config = { 'cluster-enabled': 'no' }
  t.match(resolveOptions({ config }), { clusterEnabled: false, masters: 1, replicas: 0 })
  t.match(resolveOptions({ config: { 'Cluster-Enabled': false }, replicas: 2 }), {
    clusterEnabled: false,
    masters: 1,
    replicas: 2,
  })
  t.match(resolveOptions({ config: { 'cluster-enabled': true } }), { masters: 3, replicas: 1 })
  t.throws(() => resolveOptions({ config, masters: 2 }), {
    code: 'ERR_BAD_OPTION',
    message: "`masters` must be 1 with `cluster-enabled: 'no'`, not 2",
  })
})

t.test('ports leave room for all nodes and their buses', async (t) => {
  t.equal(resolveOptions({ port: 65530 }).port, 65530)
  t.equal(resolveOptions({ port: 55530, bus: 'tcp' }).port, 55530)
  t.equal(resolveOptions({ port: 65535, masters: 1, replicas: 0 }).port, 65535)
  t.throws(() => resolveOptions({ port: 65531 }), { message: /from 1 to 65530, not 65531/ })
  t.throws(() => resolveOptions({ port: 55531, bus: 'tcp' }), { message: /55530.*10000 above/ })
})

t.test('the password is known however it is given', async (t) => {
  t.match(resolveOptions({ password: 'secret' }), {
    password: 'secret',
    directives: [
      ['requirepass', 'secret'],
      ['masterauth', 'secret'],
    ],
  })
  t.equal(resolveOptions({ config: { requirepass: 'secret' } }).password, 'secret')
})

t.test('bad options are refused, with what is allowed', async (t) => {
  const table: [options: unknown, message: RegExp][] = [
    [[], /`options` must be an object, not \[\]; try \{ masters: 3, replicas: 1 \}/],
    ['3', /`options` must be an object, not '3'/],
    [null, /`options` must be an object, not null/],
    [{ masters: 0 }, /`masters` must be a whole number from 1 to 1000, not 0/],
    [{ masters: -1 }, /`masters` .* not -1/],
    [{ masters: 2.5 }, /`masters` .* not 2.5/],
    [{ masters: '3' }, /`masters` .* not '3'/],
    [{ masters: NODE_LIMIT + 1 }, /`masters` .* not 1001/],
    [{ replicas: -1 }, /`replicas` must be a whole number from 0 to 999, not -1/],
    [{ replicas: 0.5 }, /`replicas` .* not 0.5/],
    [{ replicas: Number.NaN }, /`replicas` .* not NaN/],
    [{ masters: 501, replicas: 1 }, /501 with replicas: 1 each are 1002 nodes.* at most 1000/],
    [{ host: 'example' }, /`host` must be an IP address/],
    [{ port: -1 }, /`port` must be a whole number/],
    [{ port: '7000' }, /`port` .* not '7000'; 6 nodes need 6 ports/],
    [{ bus: 'udp' }, /`bus` must be 'channel' or 'tcp', not 'udp'/],
    [{ failureDetection: 'slow' }, /`failureDetection` must be 'instant' or 'timeout'/],
    [{ nodeTimeout: 0 }, /`nodeTimeout` must be a whole number from 1/],
    [{ config: [] }, /`config` must be an object of directives/],
    [{ dir: '' }, /`dir` must be the path of a directory, not ''/],
    [{ seed: {} }, /`seed` must be a number or a string/],
    [{ password: '' }, /`password` must be a string that is not empty/],
    [{ log: 'loud' }, /`log` must be 'debug', 'verbose', 'notice', 'warning' or 'nothing'/],
    [{ log: { level: 'notice' } }, /`log` must be .* or \{ level, write \}/],
    [{ log: { level: 'loud', write() {} } }, /`log.level` must be/],
    [{ signal: {} }, /`signal` must be an AbortSignal/],
    [{ form: 'no' }, /`form` must be true or false/],
    [{ replica: 1 }, /there is no option `replica`; did you mean `replicas`\?/],
    [{ nodetimeout: 1 }, /did you mean `nodeTimeout`\?/],
    [{ engine: 'redis' }, /there is no option `engine`; the options are masters, replicas, /],
  ]
  for (const [options, message] of table) {
    const name = message.source
    t.throws(
      () => resolveOptions(options as StartOptions),
      { code: 'ERR_BAD_OPTION', message },
      name,
    )
    t.throws(() => resolveOptions(options as StartOptions), ClusterError, name)
  }
})

t.test('a signal of another realm is one', async (t) => {
  const signal = { aborted: false, addEventListener() {} } as unknown as AbortSignal
  t.equal(resolveOptions({ signal }).signal, signal)
})
