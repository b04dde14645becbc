/**
 * Facts of a node for tests of INFO: a master of a cluster that has been up for a day and holds a few keys.
 */
import { Version } from '../../lib/base/version.ts'
import { CommandTable } from '../../lib/commands/table.ts'
import type { NodeFacts } from '../../lib/node/info/facts.ts'

/** Facts of an ordinary node, with some of them replaced. */
export function nodeFacts(replaced: Partial<NodeFacts> = {}): NodeFacts {
  return { ...ordinary, ...replaced }
}

const startedMs = 1_700_000_000_000

const ordinary: NodeFacts = {
  clusterEnabled: true,
  server: () => ({
    version: '7.0.15',
    buildId: '00000000000000ab',
    system: 'Linux 6.1.0 x86_64',
    pointerBits: 64,
    polling: 'epoll',
    processId: 4711,
    runId: 'ab'.repeat(20),
    port: 7000,
    nowMs: startedMs + 90_061_500,
    nowMicroseconds: 250,
    startedMs,
    hz: 10,
    configuredHz: 10,
    executable: '/usr/bin/node',
    configFile: '',
  }),
  clients: () => ({
    connected: 3,
    clusterConnections: 10,
    maxClients: 10_000,
    recentMaxInputBytes: 16,
    recentMaxOutputBytes: 32,
    tracking: 0,
    blocked: 1,
    blockedForTime: 0,
  }),
  memory: () => ({
    usedBytes: 5_000_000,
    peakBytes: 8_000_000,
    startupBytes: 4_000_000,
    heapBytes: 4_800_000,
    committedBytes: 6_000_000,
    residentBytes: 60_000_000,
    systemBytes: 16_000_000_000,
    maxBytes: 104_857_600,
    policy: 'noeviction',
    allocator: 'v8',
    backlogBytes: 1000,
    replicaClientBytes: 200,
    normalClientBytes: 30,
    clusterLinkBytes: 4,
    uncountedBytes: 200,
    lazyFreed: 3,
    databases: [{ index: 0, keys: 100, expiring: 10, hasSlotLinks: false }],
  }),
  persistence: () => ({
    loading: false,
    changesSinceSave: 12,
    lastSaveMs: startedMs + 999,
    saves: 1,
    appendOnly: false,
    loadedKeys: 2,
    loadedKeysExpired: 1,
  }),
  stats: () => ({
    connections: 1,
    commands: 2,
    commandsPerSecond: 3.4,
    inputBytes: 500,
    outputBytes: 600,
    replicationInputBytes: 70,
    replicationOutputBytes: 80,
    inputBytesPerSecond: 512,
    outputBytesPerSecond: 1024,
    replicationInputBytesPerSecond: 256,
    replicationOutputBytesPerSecond: 128,
    rejectedConnections: 9,
    fullSyncs: 10,
    partialSyncsAccepted: 11,
    partialSyncsRefused: 12,
    expiredKeys: 13,
    evictedKeys: 14,
    evictedClients: 23,
    totalExceededMilliseconds: 24,
    currentExceededMilliseconds: 25,
    hits: 15,
    misses: 16,
    trackedKeys: 0,
    trackedItems: 0,
    trackedPrefixes: 0,
    channels: 17,
    patterns: 18,
    shardChannels: 19,
    errorReplies: 20,
    reads: 21,
    writes: 22,
  }),
  replication: () => ['role:master', 'connected_slaves:0'],
  processor: () => ({ systemSeconds: 0.5, userSeconds: 1.2345678 }),
  commands: () => new CommandTable(new Version('7.0')).all(),
  errors: () => [
    ['MOVED', 2],
    ['ERR', 1],
  ],
  latencies: () => [],
  keyspace: () => [{ index: 0, keys: 3, expiring: 1, averageTtlMs: 1234.5 }],
}
