/**
 * The package: start a cluster, use it, stop it.
 */
export { ClusterError, type ClusterErrorCode } from './host/cluster-error.ts'
export type { DirectiveValue } from './host/directive.ts'
export type { ClusterEvents } from './host/event.ts'
export type {
  Cluster,
  ClusterNode,
  ClusterState,
  Delay,
  FaultyClientLink,
  FaultyLink,
  Levers,
  LinkOptions,
  NodeState,
  PartitionOptions,
  Undo,
} from './host/handle.ts'
export type { LogEntry, LogLevel, StartOptions } from './host/options.ts'
export { startCluster } from './host/start-cluster.ts'
export type { SlotRange } from './host/topology.ts'
