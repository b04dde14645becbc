import t from 'tap'
import type { TrackingOptions, TrackingState } from '../../lib/commands/context.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

/** A client whose tracking writes down what it is told; client 5 exists. */
function connect(state?: Partial<TrackingState>) {
  const enabled: TrackingOptions[] = []
  const tracking = {
    state: state as TrackingState | undefined,
    clientExists: (id: number) => id === 5,
    enable: (options: TrackingOptions) => void enabled.push(options),
    disable: () => {},
    setCaching: () => {},
  }
  return { enabled, runner: new CommandRunner({ ports: { tracking } }) }
}

t.test('options are handed on', async (t) => {
  const { enabled, runner } = connect()
  expectReplies(t, runner, [
    ['CLIENT TRACKING on', '+OK|'],
    ['CLIENT TRACKING ON redirect 5 optin noloop', '+OK|'],
    ['CLIENT TRACKING on BCAST PREFIX a PREFIX b', '+OK|'],
    ['CLIENT TRACKING off', '+OK|'],
  ])
  const plain = { redirect: 0, broadcast: false, prefixes: [], mode: 'default', noLoop: false }
  t.same(enabled, [
    plain,
    { ...plain, redirect: 5, mode: 'optin', noLoop: true },
    { ...plain, broadcast: true, prefixes: ['a', 'b'] },
  ])
})

t.test('options that do not fit', async (t) => {
  const { enabled, runner } = connect()
  expectReplies(t, runner, [
    ['CLIENT TRACKING maybe', '-ERR syntax error|'],
    ['CLIENT TRACKING on REDIRECT', '-ERR syntax error|'],
    ['CLIENT TRACKING on REDIRECT 4', '-ERR The client ID you want redirect to does not exist|'],
    [
      'CLIENT TRACKING on REDIRECT 5 REDIRECT 5',
      '-ERR A client can only redirect to a single other client|',
    ],
    ['CLIENT TRACKING on PREFIX a', '-ERR PREFIX option requires BCAST mode to be enabled|'],
    [
      'CLIENT TRACKING on BCAST PREFIX a PREFIX ab',
      "-ERR Prefix 'a' overlaps with another provided prefix 'ab'. Prefixes for a single client must not overlap.|",
    ],
    [
      'CLIENT CACHING yes',
      '-ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled|',
    ],
  ])
  t.same(enabled, [])
})

t.test('what is tracked', async (t) => {
  expectReplies(t, connect().runner, [
    ['CLIENT GETREDIR', ':-1|'],
    ['CLIENT TRACKINGINFO', '*6|$5|flags|*1|$3|off|$8|redirect|:-1|$8|prefixes|*0|'],
  ])
  const { runner } = connect({ mode: 'optin', caching: true, noLoop: true, redirect: 5 })
  expectReplies(t, runner, [
    ['CLIENT GETREDIR', ':5|'],
    [
      'CLIENT TRACKINGINFO',
      '*6|$5|flags|*4|$2|on|$5|optin|$11|caching-yes|$6|noloop|$8|redirect|:5|$8|prefixes|*0|',
    ],
    [
      'CLIENT CACHING no',
      '-ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.|',
    ],
    ['CLIENT CACHING yes', '+OK|'],
  ])
})
