/**
 * The text of INFO: sections in Redis' order, each once, whatever order and spelling they are asked for in
 * (genRedisInfoString). Invariant: only the facts of the sections asked for are looked up.
 */
import type { Bytes } from '../../base/bytes.ts'
import {
  commandsSection,
  errorsSection,
  keyspaceSection,
  latenciesSection,
} from './command-section.ts'
import type { NodeFacts } from './facts.ts'
import { memorySection } from './memory-section.ts'
import { clientsSection, processorSection, serverSection } from './server-section.ts'
import { persistenceSection, statsSection } from './stats-section.ts'

interface Section {
  readonly title: string
  /** Left out unless asked for, by name or by `all`. */
  readonly extra?: true
  readonly lines: (facts: NodeFacts) => readonly Bytes[]
}

const SECTIONS: readonly Section[] = [
  { title: 'Server', lines: (facts) => serverSection(facts.server(), facts.clusterEnabled) },
  { title: 'Clients', lines: (facts) => clientsSection(facts.clients()) },
  { title: 'Memory', lines: (facts) => memorySection(facts.memory()) },
  { title: 'Persistence', lines: (facts) => persistenceSection(facts.persistence()) },
  { title: 'Stats', lines: (facts) => statsSection(facts.stats()) },
  { title: 'Replication', lines: (facts) => facts.replication() },
  { title: 'CPU', lines: (facts) => processorSection(facts.processor()) },
  { title: 'Modules', lines: () => [] },
  { title: 'Commandstats', extra: true, lines: (facts) => commandsSection(facts.commands()) },
  { title: 'Errorstats', lines: (facts) => errorsSection(facts.errors()) },
  { title: 'Latencystats', extra: true, lines: (facts) => latenciesSection(facts.latencies()) },
  { title: 'Cluster', lines: (facts) => [`cluster_enabled:${facts.clusterEnabled ? 1 : 0}`] },
  { title: 'Keyspace', lines: (facts) => keyspaceSection(facts.keyspace()) },
]

/** Other names of sections. */
const ALIASES: Readonly<Record<string, string>> = { module_list: 'modules' }

/** INFO's text for these section names in lower case, `default`, `all` or `everything`; no name means the default ones. */
export function describeInfo(facts: NodeFacts, names: readonly Bytes[] = []): Bytes {
  const wanted = new Set(names.map((name) => ALIASES[name] ?? name))
  const all = wanted.has('all') || wanted.has('everything')
  const ordinary = names.length === 0 || wanted.has('default')
  return SECTIONS.filter(
    ({ title, extra }) =>
      all || (ordinary && extra === undefined) || wanted.has(title.toLowerCase()),
  )
    .map(({ title, lines }) => [`# ${title}`, ...lines(facts), ''].join('\r\n'))
    .join('\r\n')
}
