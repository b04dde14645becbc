/** graphql-redis-subscriptions as its documentation uses it: what is published by one server reaches subscribers of another. */
import { buildSchema, type ExecutionResult, type GraphQLSchema, parse, subscribe } from 'graphql'
import { RedisPubSub } from 'graphql-redis-subscriptions'
import { withFilter } from 'graphql-subscriptions'
import t, { type Test } from 'tap'
import { waitFor } from '../support/wait.ts'
import { ioredisAt, type Place, tryLibrary } from './library.ts'

const TOPIC = 'something_changed'

function open(t: Test, place: Place): RedisPubSub {
  const pubsub = new RedisPubSub({
    publisher: ioredisAt(t, place) as never,
    subscriber: ioredisAt(t, place) as never,
  })
  t.teardown(() => pubsub.close())
  return pubsub
}

/** A schema with the subscriptions of the documentation. */
function schemaOf(pubsub: RedisPubSub): GraphQLSchema {
  const schema = buildSchema(`
    type Query { nothing: Int }
    type Result { id: String }
    type Subscription {
      somethingChanged: Result
      anyChanged: Result
      oneChanged(relevantId: String!): Result
    }
  `)
  const fields = schema.getSubscriptionType()?.getFields() ?? {}
  const resolvers = {
    somethingChanged: () => pubsub.asyncIterator(TOPIC),
    anyChanged: () => pubsub.asyncIterator(`${TOPIC}.*`, { pattern: true }),
    oneChanged: withFilter(
      () => pubsub.asyncIterator(TOPIC),
      (payload, variables) => payload.oneChanged.id === variables?.relevantId,
    ),
  }
  for (const [name, resolver] of Object.entries(resolvers)) {
    const field = fields[name]
    if (field !== undefined) field.subscribe = resolver as never
  }
  return schema
}

/** Subscribes and collects the results. */
async function collect(t: Test, schema: GraphQLSchema, query: string): Promise<ExecutionResult[]> {
  const results: ExecutionResult[] = []
  const subscription = await subscribe({ schema, document: parse(`subscription { ${query} }`) })
  if (!(Symbol.asyncIterator in subscription)) throw new Error(JSON.stringify(subscription))
  t.teardown(() => subscription.return(undefined))
  const read = async () => {
    for await (const result of subscription) results.push(result)
  }
  read().catch((error: unknown) => t.error(error))
  return results
}

tryLibrary(t, 'graphql-redis-subscriptions', async (t, place) => {
  const publisher = open(t, place)
  const schema = schemaOf(open(t, place))
  const all = await collect(t, schema, 'somethingChanged { id }')
  const any = await collect(t, schema, 'anyChanged { id }')
  const one = await collect(t, schema, 'oneChanged(relevantId: "2") { id }')

  const publish = async (topic: string, id: string) => {
    const result = { id }
    await publisher.publish(topic, {
      somethingChanged: result,
      anyChanged: result,
      oneChanged: result,
    })
  }
  const hear = (results: ExecutionResult[], topic: string) =>
    waitFor(
      'a subscriber to hear',
      async () => {
        await publish(topic, '0')
        return results
      },
      (results) => results.length > 0,
    )
  await hear(all, TOPIC)
  await hear(any, `${TOPIC}.kitchen`)
  await publish(TOPIC, '1')
  await publish(`${TOPIC}.cellar`, '1')
  await publish(TOPIC, '2')
  await waitFor(
    'the last one',
    () => one,
    (results) => results.length > 0,
  )
  t.same(one, [{ data: { oneChanged: { id: '2' } } }])
  const idsOf = (results: ExecutionResult[], field: string) =>
    results
      .map(({ data }) => (data?.[field] as { id: string } | undefined)?.id)
      .filter((id) => id !== '0')
  await waitFor(
    'all of them',
    () => idsOf(all, 'somethingChanged'),
    (ids) => ids.length === 2,
  )
  // Each publication goes its own way through the cluster.
  t.same(idsOf(all, 'somethingChanged').sort(), ['1', '2'])
  await waitFor(
    'that of the pattern',
    () => idsOf(any, 'anyChanged'),
    (ids) => ids.length === 1,
  )
})
