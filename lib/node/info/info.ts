/**
 * The text of INFO: sections in Redis' order, each once, whatever order and spelling they are asked for in
 * (genRedisInfoString). Sections tell all that any release tells; what came after the node's own is left out here. Invariant: only the facts of the sections asked for are looked up.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Release } from '../../base/version.ts'
import {
  commandsSection,
  errorsSection,
  keySizesSection,
  keyspaceSection,
  latenciesSection,
} from './command-section.ts'
import type { NodeFacts } from './facts.ts'
import { memorySection } from './memory-section.ts'
import {
  clientsSection,
  processorSection,
  serverSection,
  threadsSection,
} from './server-section.ts'
import { persistenceSection, statsSection } from './stats-section.ts'

interface Section {
  readonly title: string
  /** Not there before. */
  readonly since?: Release
  /** Left out unless asked for, by name or by `all`. */
  readonly extra?: true
  readonly lines: (facts: NodeFacts) => readonly Bytes[]
}

const SECTIONS: readonly Section[] = [
  { title: 'Server', lines: (facts) => serverSection(facts.server(), facts.clusterEnabled) },
  { title: 'Clients', lines: (facts) => clientsSection(facts.clients()) },
  { title: 'Memory', lines: (facts) => memorySection(facts.memory()) },
  { title: 'Persistence', lines: (facts) => persistenceSection(facts.persistence()) },
  { title: 'Threads', since: '8.0', lines: (facts) => threadsSection(facts.threads()) },
  { title: 'Stats', lines: (facts) => statsSection(facts.stats()) },
  { title: 'Replication', lines: (facts) => facts.replication() },
  { title: 'CPU', lines: (facts) => processorSection(facts.processor()) },
  { title: 'Modules', lines: () => [] },
  { title: 'Commandstats', extra: true, lines: (facts) => commandsSection(facts.commands()) },
  { title: 'Errorstats', lines: (facts) => errorsSection(facts.errors()) },
  { title: 'Latencystats', extra: true, lines: (facts) => latenciesSection(facts.latencies()) },
  { title: 'Cluster', lines: (facts) => [`cluster_enabled:${facts.clusterEnabled ? 1 : 0}`] },
  { title: 'Keyspace', lines: (facts) => keyspaceSection(facts.keyspace()) },
  { title: 'Keysizes', since: '8.0', lines: (facts) => keySizesSection(facts.keySizes()) },
]

/** Fields that are not there before a release. */
const SINCE: Readonly<Record<string, Release>> = {
  listener0: '7.2',
  listener1: '7.2',
  pubsub_clients: '7.4',
  watching_clients: '7.4',
  total_watched_keys: '7.4',
  total_blocking_keys: '7.2',
  total_blocking_keys_on_nokey: '7.2',
  allocator_muzzy: '7.4',
  mem_replica_full_sync_buffer: '8.0',
  mem_overhead_db_hashtable_rehashing: '7.4',
  expired_subkeys: '7.4',
  evicted_scripts: '7.4',
  client_query_buffer_limit_disconnections: '7.4',
  client_output_buffer_limit_disconnections: '7.4',
  eventloop_cycles: '7.2',
  eventloop_duration_sum: '7.2',
  eventloop_duration_cmd_sum: '7.2',
  instantaneous_eventloop_cycles_per_sec: '7.2',
  instantaneous_eventloop_duration_usec: '7.2',
  acl_access_denied_auth: '7.2',
  acl_access_denied_cmd: '7.2',
  acl_access_denied_key: '7.2',
  acl_access_denied_channel: '7.2',
}

/** Other names of sections. */
const ALIASES: Readonly<Record<string, string>> = { module_list: 'modules' }

/** INFO's text for these section names in lower case, `default`, `all` or `everything`; no name means the default ones. */
export function describeInfo(facts: NodeFacts, names: readonly Bytes[] = []): Bytes {
  const wanted = new Set(names.map((name) => ALIASES[name] ?? name))
  const all = wanted.has('all') || wanted.has('everything')
  const ordinary = names.length === 0 || wanted.has('default')
  const { version } = facts
  const isThere = (since: Release | undefined) => since === undefined || version.atLeast(since)
  const isKnown = (line: Bytes) => isThere(SINCE[line.slice(0, line.indexOf(':'))])
  return SECTIONS.filter(
    ({ title, since, extra }) =>
      isThere(since) &&
      (all || (ordinary && extra === undefined) || wanted.has(title.toLowerCase())),
  )
    .map(({ title, lines }) => [`# ${title}`, ...lines(facts).filter(isKnown), ''].join('\r\n'))
    .join('\r\n')
}
