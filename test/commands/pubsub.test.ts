import t from 'tap'
import type { PubSubPort } from '../../lib/commands/context.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { FakeClient } from '../support/fake-client.ts'

/** A client whose subscriptions write down what they are told. */
function connect({ active = false } = {}) {
  const told: string[] = []
  const note =
    (word: string) =>
    (...words: string[]): void => {
      told.push([word, ...words].join(' '))
    }
  const pubsub: PubSubPort = {
    subscribe: note('subscribe'),
    unsubscribe: note('unsubscribe'),
    unsubscribeAll: note('unsubscribeAll'),
    publish: (channel, payload) => told.push(`publish ${channel} ${payload}`) + 41,
    publishToShard: (channel, payload) => told.push(`publishToShard ${channel} ${payload}`) + 41,
    names: (kind) => [`${kind}1`, `${kind}2`],
    subscribersOf: (kind, name) => `${kind} ${name}`.length,
  }
  const client = new FakeClient()
  const transaction = { active } as never
  return { told, client, runner: new CommandRunner({ ports: { pubsub, client, transaction } }) }
}

t.test('each name is a subscription; none means all of the kind', async (t) => {
  const { told, runner } = connect()
  for (const line of [
    'SUBSCRIBE a b',
    'PSUBSCRIBE a*',
    'SSUBSCRIBE s',
    'UNSUBSCRIBE',
    'PUNSUBSCRIBE x y',
    'SUNSUBSCRIBE',
  ]) {
    t.equal(runner.run(line), '', `${line} is answered by pushes`)
  }
  t.same(told, [
    'subscribe channel a',
    'subscribe channel b',
    'subscribe pattern a*',
    'subscribe shard s',
    'unsubscribeAll channel',
    'unsubscribe pattern x',
    'unsubscribe pattern y',
    'unsubscribeAll shard',
  ])
})

t.test('publishing is replicated unless there is a bus', async (t) => {
  const { told, runner } = connect()
  expectReplies(t, runner, [
    ['PUBLISH a hello', ':42|'],
    ['SPUBLISH a hello', ':43|'],
  ])
  t.same(told, ['publish a hello', 'publishToShard a hello'])
  t.same(runner.takePropagated(), [
    ['PUBLISH', 'a', 'hello'],
    ['SPUBLISH', 'a', 'hello'],
  ])
})

t.test('PUBSUB', async (t) => {
  expectReplies(t, connect().runner, [
    ['PUBSUB CHANNELS', '*2|$8|channel1|$8|channel2|'],
    ['PUBSUB CHANNELS *2', '*1|$8|channel2|'],
    ['PUBSUB SHARDCHANNELS', '*2|$6|shard1|$6|shard2|'],
    ['PUBSUB SHARDCHANNELS none', '*0|'],
    ['PUBSUB NUMPAT', ':2|'],
    ['PUBSUB NUMSUB', '*0|'],
    ['PUBSUB NUMSUB a bc', '*4|$1|a|:9|$2|bc|:10|'],
    ['PUBSUB SHARDNUMSUB a', '*2|$1|a|:7|'],
    [
      'PUBSUB channels a b',
      "-ERR unknown subcommand or wrong number of arguments for 'channels'. Try PUBSUB HELP.|",
    ],
    ['PUBSUB', "-ERR wrong number of arguments for 'pubsub' command|"],
    ['PUBSUB NUMPAT x', "-ERR wrong number of arguments for 'pubsub|numpat' command|"],
  ])
})

t.test('a transaction may subscribe to anything but a shard', async (t) => {
  const { told, runner } = connect({ active: true })
  expectReplies(t, runner, [
    ['SUBSCRIBE a', ''],
    ['SSUBSCRIBE a', "-ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client|"],
    ['SUNSUBSCRIBE a', ''],
  ])
  t.same(told, ['subscribe channel a', 'unsubscribe shard a'])
})

t.test('PING of a subscriber', async (t) => {
  const { client, runner } = connect()
  client.subscribed = true
  expectReplies(t, runner, [
    ['PING', '*2|$4|pong|$0||'],
    ['PING hi', '*2|$4|pong|$2|hi|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['PING', '+PONG|'],
    ['PING hi', '$2|hi|'],
  ])
})
