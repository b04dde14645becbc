/**
 * The libraries that run on our servers, each with what its test does; a table of the README is made of it.
 * Invariant: who is named here has a test in this folder (docs.test.ts looks).
 */

/** By the name of the package: what is tested. */
export const libraries = {
  bullmq:
    'queues, workers, flows, job schedulers, delays, priorities, rate limits, retries, stalled jobs, events; through a failover and a resharding',
  'bee-queue': 'jobs, retries with backoff, delays, progress, stalled jobs, bulk',
  redlock: 'locks of one and several resources, contention, extension, expiry',
  'rate-limiter-flexible':
    'consume, blocks, penalties, bursts, unions, with ioredis and node-redis',
  '@socket.io/redis-adapter':
    'two servers: broadcast, rooms, acknowledgements, remote sockets; with sharded channels too',
  '@socket.io/redis-streams-adapter':
    'two servers: the same, several streams, connection state recovery',
  'connect-redis': 'sessions of express-session, shared by two servers',
  '@keyv/redis': 'values, expiry, namespaces, many keys at once, iteration, clearing',
  'cache-manager': 'wrap, refresh, layers, many keys at once',
  'graphql-redis-subscriptions': 'subscriptions by topic and by pattern',
  '@fastify/rate-limit': 'limits shared by two servers, bans',
  ioredis:
    'commands of every family, pipelines, transactions, failovers, resharding; defineCommand also pipelined, after SCRIPT FLUSH and after a failover',
  redis:
    'node-redis: commands of every family, pipelines, transactions, failovers, resharding; scripts and functions',
  iovalkey: 'commands, pipelines, transactions, reads of replicas',
  '@valkey/valkey-glide':
    'a native client, in RESP2 and RESP3: keys, batches, scripts, functions, channels',
} as const

/** A name in that list. */
export type LibraryName = keyof typeof libraries
