/**
 * Publish and subscribe (pubsub.c). Confirmations and messages are pushes, not replies: CLIENT REPLY does not silence
 * them, so the port writes them. In a cluster PUBLISH travels over the bus, on a standalone node in the replication stream.
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import { ReplyError, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import { block, pattern, string } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context, SubscriptionKind } from './context.ts'
import { writeHelp } from './help.ts'

type Facts = Omit<CommandDeclaration, 'name' | 'group' | 'flags'> & {
  flags?: CommandDeclaration['flags']
}

function pubsubCommand(name: string, facts: Facts) {
  return command({
    name,
    group: 'pubsub',
    flags: ['pubsub', 'noscript', 'loading', 'stale'],
    ...facts,
  })
}

function subscribe(kind: SubscriptionKind) {
  return ({ pubsub }: Context, argv: readonly Bytes[]): void => {
    for (const name of argv.slice(1)) pubsub.subscribe(kind, name)
  }
}

function unsubscribe(kind: SubscriptionKind) {
  return ({ pubsub }: Context, argv: readonly Bytes[]): void => {
    if (argv.length === 1) pubsub.unsubscribeAll(kind)
    for (const name of argv.slice(1)) pubsub.unsubscribe(kind, name)
  }
}

/** The channels of a shard are routed like keys without being keys; `lastKey` as in a key spec. */
function shardChannels(lastKey: number): NonNullable<CommandDeclaration['keySpecs']> {
  return [
    {
      begin: { type: 'index', index: 1 },
      find: { type: 'range', lastKey, keyStep: 1, limit: 0 },
      flags: ['not_key'],
    },
  ]
}

export const subscribeChannels = pubsubCommand('SUBSCRIBE', {
  since: '2.0.0',
  summary: 'Begins to hear what is published on channels.',
  complexity: 'O(N) where N is the number of channels to subscribe to.',
  args: [string('channel', { multiple: true })],
  channels: { first: 1, last: -1 },
  run: subscribe('channel'),
})

export const unsubscribeChannels = pubsubCommand('UNSUBSCRIBE', {
  since: '2.0.0',
  summary: 'Stops hearing channels: those given, or all.',
  complexity: 'O(N) where N is the number of channels to unsubscribe.',
  args: [string('channel', { optional: true, multiple: true })],
  before: {
    '7.2.0': {
      complexity: 'O(N) where N is the number of clients already subscribed to a channel.',
    },
  },
  run: unsubscribe('channel'),
})

export const subscribePatterns = pubsubCommand('PSUBSCRIBE', {
  since: '2.0.0',
  summary: 'Begins to hear all channels whose names match a glob.',
  complexity: 'O(N) where N is the number of patterns to subscribe to.',
  args: [pattern('pattern', { multiple: true })],
  channels: { first: 1, last: -1, arePatterns: true },
  before: {
    '7.2.0': {
      complexity: 'O(N) where N is the number of patterns the client is already subscribed to.',
      args: [block('pattern', [pattern('pattern')], { multiple: true })],
    },
  },
  run: subscribe('pattern'),
})

export const unsubscribePatterns = pubsubCommand('PUNSUBSCRIBE', {
  since: '2.0.0',
  summary: 'Stops hearing channels by globs: those given, or all.',
  complexity: 'O(N) where N is the number of patterns to unsubscribe.',
  args: [pattern('pattern', { optional: true, multiple: true })],
  before: {
    '7.2.0': {
      complexity:
        'O(N+M) where N is the number of patterns the client is already subscribed and M is the number of total patterns subscribed in the system (by any client).',
    },
  },
  run: unsubscribe('pattern'),
})

export const publish = pubsubCommand('PUBLISH', {
  since: '2.0.0',
  summary: 'Sends a message to all who hear a channel, on whatever node.',
  complexity:
    'O(N+M) where N is the number of clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).',
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
  args: [string('channel'), string('message')],
  channels: { first: 1, last: 1 },
  run({ cluster, propagation, pubsub, reply }, argv) {
    reply.integer(pubsub.publish(argv[1] as Bytes, argv[2] as Bytes))
    if (cluster === undefined) propagation.force()
  },
})

export const subscribeShard = pubsubCommand('SSUBSCRIBE', {
  since: '7.0.0',
  summary: 'Begins to hear what is published on channels of a shard.',
  complexity: 'O(N) where N is the number of shard channels to subscribe to.',
  args: [string('shardchannel', { multiple: true })],
  keySpecs: shardChannels(-1),
  channels: { first: 1, last: -1 },
  run(context, argv) {
    // The other two are allowed.
    if (context.transaction.active) {
      throw new ReplyError("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client")
    }
    subscribe('shard')(context, argv)
  },
})

export const unsubscribeShard = pubsubCommand('SUNSUBSCRIBE', {
  since: '7.0.0',
  summary: 'Stops hearing channels of a shard: those given, or all.',
  complexity: 'O(N) where N is the number of shard channels to unsubscribe.',
  args: [string('shardchannel', { optional: true, multiple: true })],
  keySpecs: shardChannels(-1),
  before: {
    '7.2.0': {
      complexity: 'O(N) where N is the number of clients already subscribed to a shard channel.',
    },
  },
  run: unsubscribe('shard'),
})

export const publishToShard = pubsubCommand('SPUBLISH', {
  since: '7.0.0',
  summary: 'Sends a message to all who hear a channel of a shard, on any of its nodes.',
  complexity: 'O(N) where N is the number of clients subscribed to the receiving shard channel.',
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
  args: [string('shardchannel'), string('message')],
  keySpecs: shardChannels(0),
  channels: { first: 1, last: 1 },
  run({ cluster, propagation, pubsub, reply }, argv) {
    reply.integer(pubsub.publishToShard(argv[1] as Bytes, argv[2] as Bytes))
    if (cluster === undefined) propagation.force()
  },
})

export const pubsub = pubsubCommand('PUBSUB', {
  since: '2.8.0',
  summary: 'Tells what is listened to on this node.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'CHANNELS [<pattern>]',
    '    List channels that somebody hears, all or those that match a glob.',
    'NUMPAT',
    '    Count the globs that somebody hears channels by.',
    'NUMSUB [<channel> ...]',
    '    Count who hears each channel, globs aside.',
    'SHARDCHANNELS [<pattern>]',
    '    List channels of the shard that somebody hears, or those that match a glob.',
    'SHARDNUMSUB [<shardchannel> ...]',
    '    Count who hears each channel of the shard.',
  ],
  run: ({ reply }) => reply.error(wrongArity('pubsub').message),
})

function pubsubSubcommand(name: string, facts: Facts) {
  return pubsubCommand(`PUBSUB ${name}`, { flags: ['pubsub', 'loading', 'stale'], ...facts })
}

/** Lists the names of a kind, those that match if there is a glob. */
function listNames(kind: SubscriptionKind, word: string) {
  return ({ pubsub: port, reply }: Context, argv: readonly Bytes[]): void => {
    if (argv.length > 3) throw subcommandSyntax('PUBSUB', argv[1] ?? word)
    const wanted = argv[2]
    const names = port.names(kind).filter((name) => wanted === undefined || globMatch(wanted, name))
    reply.array(names.length)
    for (const name of names) reply.bulk(name)
  }
}

function countSubscribers(kind: SubscriptionKind) {
  return ({ pubsub: port, reply }: Context, argv: readonly Bytes[]): void => {
    const names = argv.slice(2)
    reply.array(2 * names.length)
    for (const name of names) {
      reply.bulk(name)
      reply.integer(port.subscribersOf(kind, name))
    }
  }
}

export const channels = pubsubSubcommand('CHANNELS', {
  since: '2.8.0',
  summary: 'Lists the channels that somebody hears.',
  complexity:
    'O(N) where N is the number of active channels, and assuming constant time pattern matching (relatively short channels and patterns)',
  args: [pattern('pattern', { optional: true })],
  run: listNames('channel', 'CHANNELS'),
})

export const numpat = pubsubSubcommand('NUMPAT', {
  since: '2.8.0',
  summary: 'Counts the globs that somebody hears channels by.',
  complexity: 'O(1)',
  run: ({ pubsub: port, reply }) => reply.integer(port.names('pattern').length),
})

export const numsub = pubsubSubcommand('NUMSUB', {
  since: '2.8.0',
  summary: 'Counts who hears each of some channels.',
  complexity: 'O(N) for the NUMSUB subcommand, where N is the number of requested channels',
  args: [string('channel', { optional: true, multiple: true })],
  run: countSubscribers('channel'),
})

export const shardchannels = pubsubSubcommand('SHARDCHANNELS', {
  since: '7.0.0',
  summary: 'Lists the channels of the shard that somebody hears.',
  complexity:
    'O(N) where N is the number of active shard channels, and assuming constant time pattern matching (relatively short shard channels).',
  args: [pattern('pattern', { optional: true })],
  run: listNames('shard', 'SHARDCHANNELS'),
})

export const shardnumsub = pubsubSubcommand('SHARDNUMSUB', {
  since: '7.0.0',
  summary: 'Counts who hears each of some channels of the shard.',
  complexity:
    'O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels',
  args: [string('shardchannel', { optional: true, multiple: true })],
  run: countSubscribers('shard'),
})

export const help = pubsubSubcommand('HELP', {
  since: '6.2.0',
  summary: 'Lists the subcommands of PUBSUB.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'PUBSUB'),
})
