/** The lines of a server's start and end, and when which of them comes. */
import t from 'tap'
import { Version } from '../../lib/base/version.ts'
import { Config } from '../../lib/node/config/config.ts'
import { StartLog } from '../../lib/runtime/start-log.ts'

/** The log of a server with these directives; `take` gives what was said since. */
function logOf(directives: readonly (readonly [string, string])[] = []) {
  const lines: string[] = []
  const version = new Version('7.0.15')
  const config = new Config(undefined, version)
  config.loadPairs(directives)
  const startLog = new StartLog({
    log: (level, text) => lines.push(`${level}: ${text}`),
    config,
    version,
    processId: 42,
  })
  return { startLog, take: () => lines.splice(0) }
}

t.test('a server says what it is, and what it does not do', async (t) => {
  const plain = logOf()
  plain.startLog.begin()
  t.same(plain.take(), [
    'warning: oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo',
    'warning: Redis version=7.0.15, bits=64, commit=00000000, modified=0, pid=42, just started',
    'warning: Configuration loaded',
  ])
  const daemon = logOf([
    ['daemonize', 'yes'],
    ['supervised', 'systemd'],
  ])
  daemon.startLog.begin()
  t.match(daemon.take().slice(3), [
    /^warning: WARNING 'daemonize yes' has no effect: /,
    /^warning: WARNING 'supervised systemd' has no effect: /,
  ])
})

t.test('the logo is for those who want it', async (t) => {
  const plain = logOf()
  plain.startLog.initialized('cluster', 7000)
  t.same(plain.take(), ['notice: Running mode=cluster, port=7000.', 'warning: Server initialized'])
  const shown = logOf([['always-show-logo', 'yes']])
  shown.startLog.initialized('standalone', 6379)
  t.same(shown.take(), [
    'notice: Redis 7.0.15 (64 bit)',
    'notice: Running in standalone mode',
    'notice: Port: 6379',
    'notice: PID: 42',
    'warning: Server initialized',
  ])
})

t.test('what cannot be listened at is told with the reason', async (t) => {
  const { startLog, take } = logOf()
  const inUse = Object.assign(new Error('listen'), { code: 'EADDRINUSE' })
  const tcp = 'Could not create server TCP listening socket'
  startLog.unbound(Object.assign(new Error('listen'), { code: 'EACCES', address: '::1' }), 80)
  startLog.cannotListen(inUse, 7000, 'cluster')
  startLog.cannotOpen(inUse)
  startLog.listensNowhere()
  t.same(take(), [
    `warning: Warning: ${tcp} ::1:80: bind: Permission denied`,
    `warning: Warning: ${tcp} *:7000: bind: Address already in use`,
    'warning: Failed listening on port 7000 (cluster), aborting.',
    'warning: Failed opening Unix socket: bind: Address already in use',
    'warning: Configured to not listen anywhere, exiting.',
  ])
})

t.test('it says where it serves, and what it leaves behind', async (t) => {
  const { startLog, take } = logOf([['unixsocket', '/tmp/a.sock']])
  const socket = 'notice: The server is now ready to accept connections at /tmp/a.sock'
  startLog.ready({ tcp: true, unixSocket: true })
  t.same(take(), ['notice: Ready to accept connections', socket])
  startLog.ready({ tcp: false, unixSocket: true })
  t.same(take(), [socket])
  startLog.ready({ tcp: true, unixSocket: false })
  t.same(take(), ['notice: Ready to accept connections'])
  startLog.end({ pidFile: true, unixSocket: true })
  t.same(take(), [
    'notice: Removing the pid file.',
    'notice: Removing the unix socket file.',
    'warning: Redis is now ready to exit, bye bye...',
  ])
  startLog.end({ pidFile: false, unixSocket: false })
  t.same(take(), ['warning: Redis is now ready to exit, bye bye...'])
})
