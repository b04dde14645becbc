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
  JoinedNode,
  Levers,
  LinkOptions,
  NodeState,
  PartitionOptions,
  SlotMove,
  Undo,
} from './host/handle.ts'
export type { LogEntry, LogLevel, StartOptions } from './host/options.ts'
export type { SlotList } from './host/slot-list.ts'
export { startCluster } from './host/start-cluster.ts'
export type { SlotRange } from './host/topology.ts'
