/**
 * CLIENT TRACKING and what belongs to it: the server remembers what the client reads, and tells it what changed
 * (clientCommand in networking.c, tracking.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { integer, oneOf, string, token } from './argument.ts'
import { clientSubcommand, ORDINARY } from './client.ts'
import type { TrackingOptions, TrackingState } from './context.ts'
import { numberArgument } from './number-argument.ts'

const SWITCHED = (what: string) =>
  `ERR You can't switch ${what} before disabling tracking for this client, and then re-enabling it with a different mode.`

export const tracking = clientSubcommand('TRACKING', {
  since: '6.0.0',
  summary: 'Chooses whether the connection hears of changes of keys it has read.',
  complexity: 'O(1). Some options may introduce additional complexity.',
  flags: ORDINARY,
  args: [
    oneOf('status', [token('on', 'ON'), token('off', 'OFF')]),
    integer('client-id', { token: 'REDIRECT', optional: true }),
    string('prefix', { token: 'PREFIX', optional: true, multiple: true, multipleToken: true }),
    token('bcast', 'BCAST', { optional: true }),
    token('optin', 'OPTIN', { optional: true }),
    token('optout', 'OPTOUT', { optional: true }),
    token('noloop', 'NOLOOP', { optional: true }),
  ],
  run({ reply, tracking: port }, argv) {
    const given = optionsOf(argv.slice(3), (id) => port.clientExists(id))
    const status = (argv[2] as Bytes).toLowerCase()
    if (status === 'on') port.enable(checked(given, port.state))
    else if (status === 'off') port.disable()
    else throw errors.syntax
    reply.ok()
  },
})

/** Options as given; that they fit each other is not yet sure. */
interface GivenOptions extends Omit<TrackingOptions, 'mode'> {
  readonly optin: boolean
  readonly optout: boolean
}

function optionsOf(words: readonly Bytes[], exists: (id: number) => boolean): GivenOptions {
  const flags = new Set<string>()
  const prefixes: Bytes[] = []
  let redirect = 0
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as Bytes).toLowerCase()
    const next = words[i + 1]
    if (word === 'redirect' && next !== undefined) {
      i++
      if (redirect !== 0) {
        throw new ReplyError('ERR A client can only redirect to a single other client')
      }
      redirect = numberArgument(next)
      if (!exists(redirect)) {
        throw new ReplyError('ERR The client ID you want redirect to does not exist')
      }
    } else if (word === 'prefix' && next !== undefined) {
      i++
      prefixes.push(next)
    } else if (['bcast', 'optin', 'optout', 'noloop'].includes(word)) {
      flags.add(word)
    } else {
      throw errors.syntax
    }
  }
  return {
    redirect,
    prefixes,
    broadcast: flags.has('bcast'),
    optin: flags.has('optin'),
    optout: flags.has('optout'),
    noLoop: flags.has('noloop'),
  }
}

function checked(given: GivenOptions, current: TrackingState | undefined): TrackingOptions {
  const { broadcast, optin, optout, noLoop, prefixes, redirect } = given
  if (!broadcast && prefixes.length > 0) {
    throw new ReplyError('ERR PREFIX option requires BCAST mode to be enabled')
  }
  if (current !== undefined && current.broadcast !== broadcast) {
    throw new ReplyError(SWITCHED('BCAST mode on/off'))
  }
  if (broadcast && (optin || optout)) {
    throw new ReplyError('ERR OPTIN and OPTOUT are not compatible with BCAST')
  }
  if (optin && optout) throw new ReplyError("ERR You can't specify both OPTIN mode and OPTOUT mode")
  if ((optin && current?.mode === 'optout') || (optout && current?.mode === 'optin')) {
    throw new ReplyError(SWITCHED('OPTIN/OPTOUT mode'))
  }
  if (broadcast) checkPrefixes(prefixes, current?.prefixes ?? [])
  const mode = optin ? 'optin' : optout ? 'optout' : 'default'
  return { redirect, prefixes, broadcast, noLoop, mode }
}

/** No prefix of a client may be the beginning of another. */
function checkPrefixes(given: readonly Bytes[], existing: readonly Bytes[]): void {
  const overlap = (a: Bytes, b: Bytes) => a.startsWith(b) || b.startsWith(a)
  for (const [i, prefix] of given.entries()) {
    const old = existing.find((other) => overlap(prefix, other))
    if (old !== undefined) {
      throw new ReplyError(
        `ERR Prefix '${prefix}' overlaps with an existing prefix '${old}'. Prefixes for a single client must not overlap.`,
      )
    }
    const other = given.slice(i + 1).find((later) => overlap(prefix, later))
    if (other !== undefined) {
      throw new ReplyError(
        `ERR Prefix '${prefix}' overlaps with another provided prefix '${other}'. Prefixes for a single client must not overlap.`,
      )
    }
  }
}

export const caching = clientSubcommand('CACHING', {
  since: '6.0.0',
  summary: 'Chooses whether what the next command reads is remembered.',
  flags: ORDINARY,
  args: [oneOf('mode', [token('yes', 'YES'), token('no', 'NO')])],
  run({ reply, tracking: port }, argv) {
    if (port.state === undefined) {
      throw new ReplyError(
        'ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled',
      )
    }
    const choice = (argv[2] as Bytes).toLowerCase()
    if (choice !== 'yes' && choice !== 'no') throw errors.syntax
    const needed = choice === 'yes' ? 'optin' : 'optout'
    if (port.state.mode !== needed) {
      throw new ReplyError(
        `ERR CLIENT CACHING ${choice.toUpperCase()} is only valid when tracking is enabled in ${needed.toUpperCase()} mode.`,
      )
    }
    port.setCaching()
    reply.ok()
  },
})

export const getredir = clientSubcommand('GETREDIR', {
  since: '6.0.0',
  summary: 'Returns the number of the connection that hears of changes instead of this one.',
  flags: ORDINARY,
  run: ({ reply, tracking: port }) => reply.integer(port.state?.redirect ?? -1),
})

export const trackinginfo = clientSubcommand('TRACKINGINFO', {
  since: '6.2.0',
  summary: 'Tells what of the connection is tracked.',
  flags: ORDINARY,
  run({ reply, tracking: port }) {
    const { state } = port
    const flags = flagsOf(state)
    reply.map(3)
    reply.bulk('flags')
    reply.set(flags.length)
    for (const flag of flags) reply.bulk(flag)
    reply.bulk('redirect')
    reply.integer(state?.redirect ?? -1)
    reply.bulk('prefixes')
    const prefixes = state?.prefixes ?? []
    reply.array(prefixes.length)
    for (const prefix of prefixes) reply.bulk(prefix)
  },
})

function flagsOf(state: TrackingState | undefined): readonly string[] {
  if (state === undefined) return ['off']
  const flags = ['on']
  if (state.broadcast) flags.push('bcast')
  if (state.mode !== 'default') flags.push(state.mode)
  if (state.caching) flags.push(state.mode === 'optin' ? 'caching-yes' : 'caching-no')
  if (state.noLoop) flags.push('noloop')
  if (state.isBroken) flags.push('broken_redirect')
  return flags
}
