/**
 * The command families: one module each, whose exported declarations are the commands. A new family is one line here;
 * a new command none.
 */
import * as acl from './acl.ts'
import * as bitfield from './bitfield.ts'
import * as bitmap from './bitmap.ts'
import * as bitmapOperation from './bitmap-operation.ts'
import * as bitmapRange from './bitmap-range.ts'
import * as client from './client.ts'
import * as clientKill from './client-kill.ts'
import * as clientPause from './client-pause.ts'
import * as clientTracking from './client-tracking.ts'
import * as cluster from './cluster/container.ts'
import * as clusterEpoch from './cluster/epoch.ts'
import * as clusterFailover from './cluster/failover.ts'
import * as clusterKey from './cluster/key.ts'
import * as clusterMembership from './cluster/membership.ts'
import * as clusterNode from './cluster/node.ts'
import * as redirection from './cluster/redirection.ts'
import * as clusterSlot from './cluster/slot.ts'
import * as clusterSlotStats from './cluster/slot-stats.ts'
import * as clusterTopology from './cluster/topology.ts'
import * as config from './config.ts'
import * as connection from './connection.ts'
import * as database from './database.ts'
import * as debug from './debug.ts'
import * as dump from './dump.ts'
import * as expire from './expire.ts'
import * as failover from './failover.ts'
import * as functions from './function.ts'
import * as functionCall from './function-call.ts'
import * as generic from './generic.ts'
import * as geo from './geo.ts'
import * as geoRadius from './geo-radius.ts'
import * as geoSearch from './geo-search.ts'
import * as hash from './hash.ts'
import * as hashExpire from './hash-expire.ts'
import * as hashField from './hash-field.ts'
import * as hashNumber from './hash-number.ts'
import * as hashScan from './hash-scan.ts'
import * as hyperloglog from './hyperloglog.ts'
import * as introspection from './introspection.ts'
import * as latency from './latency.ts'
import * as lcs from './lcs.ts'
import * as list from './list.ts'
import * as listBlocking from './list-blocking.ts'
import * as listMove from './list-move.ts'
import * as listPop from './list-pop.ts'
import * as listPosition from './list-position.ts'
import * as lolwut from './lolwut.ts'
import * as memory from './memory.ts'
import * as migrate from './migrate.ts'
import * as module from './module.ts'
import * as monitor from './monitor.ts'
import * as object from './object.ts'
import * as persistence from './persistence.ts'
import * as pubsub from './pubsub.ts'
import * as replication from './replication.ts'
import * as scan from './scan.ts'
import * as scripting from './scripting.ts'
import * as server from './server.ts'
import * as set from './set.ts'
import * as setAlgebra from './set-algebra.ts'
import * as setRandom from './set-random.ts'
import * as slowlog from './slowlog.ts'
import * as sort from './sort.ts'
import * as sortedSet from './sorted-set.ts'
import * as sortedSetAlgebra from './sorted-set-algebra.ts'
import * as sortedSetBlocking from './sorted-set-blocking.ts'
import * as sortedSetPop from './sorted-set-pop.ts'
import * as sortedSetRandom from './sorted-set-random.ts'
import * as sortedSetRange from './sorted-set-range.ts'
import * as sortedSetRemoval from './sorted-set-removal.ts'
import * as stream from './stream.ts'
import * as streamClaim from './stream-claim.ts'
import * as streamGroup from './stream-group.ts'
import * as streamInfo from './stream-info.ts'
import * as streamPending from './stream-pending.ts'
import * as streamRange from './stream-range.ts'
import * as streamRead from './stream-read.ts'
import * as streamTrim from './stream-trim.ts'
import * as string from './string.ts'
import * as stringNumber from './string-number.ts'
import * as stringRange from './string-range.ts'
import * as transaction from './transaction.ts'
import * as wait from './wait.ts'

/** Every family's module. */
export const families: readonly Readonly<Record<string, unknown>>[] = [
  connection,
  client,
  clientKill,
  clientPause,
  clientTracking,
  server,
  config,
  acl,
  introspection,
  slowlog,
  latency,
  persistence,
  module,
  lolwut,
  debug,
  memory,
  failover,
  generic,
  expire,
  scan,
  dump,
  migrate,
  object,
  database,
  string,
  stringNumber,
  stringRange,
  lcs,
  list,
  listPop,
  listMove,
  listPosition,
  listBlocking,
  sort,
  bitmap,
  bitmapRange,
  bitmapOperation,
  bitfield,
  hyperloglog,
  hash,
  hashExpire,
  hashField,
  hashNumber,
  hashScan,
  set,
  setRandom,
  setAlgebra,
  sortedSet,
  sortedSetRange,
  sortedSetRemoval,
  sortedSetPop,
  sortedSetBlocking,
  sortedSetRandom,
  sortedSetAlgebra,
  geo,
  geoSearch,
  geoRadius,
  stream,
  streamTrim,
  streamRange,
  streamRead,
  streamGroup,
  streamPending,
  streamClaim,
  streamInfo,
  transaction,
  scripting,
  functions,
  functionCall,
  pubsub,
  monitor,
  cluster,
  clusterNode,
  clusterTopology,
  clusterKey,
  clusterSlot,
  clusterSlotStats,
  clusterMembership,
  clusterFailover,
  clusterEpoch,
  redirection,
  replication,
  wait,
]
