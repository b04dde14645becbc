/**
 * What startCluster hands out. The README's tables of the API are made of these lines.
 */
import type { ClusterEvents } from './event.ts'
import type { NodeLife } from './node-runner.ts'
import type { LogEntry } from './options.ts'
import type { SlotList } from './slot-list.ts'
import type { SlotRange } from './topology.ts'

/** Takes back what a lever did: `await using` does it at the end of a block. */
export interface Undo {
  /** Heals it; resolves when every node that can know has noticed. Again, or after `stop`, it does nothing. */
  heal(): Promise<void>
  /** Heals it at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Options of `partition`. */
export interface PartitionOptions {
  /** The clients sit with the first group: connections to nodes of the other groups go silent. */
  readonly clients?: boolean | undefined
}

/** Options of `link`. */
export interface LinkOptions {
  /** Only what the first node says to the second is concerned. */
  readonly oneWay?: boolean | undefined
}

/** Milliseconds each message takes; with `min` and `max` drawn from the cluster's seed. Order within a connection is kept. */
export type Delay = number | { readonly min: number; readonly max: number }

/** What can befall the path between a node and its clients. Faults add up. */
export interface FaultyClientLink {
  /** Nothing passes, and no end of a connection is seen. */
  cut(): Promise<Undo>
  /** All that is said takes this long. */
  delay(ms: Delay): Promise<Undo>
}

/** What can befall the path between two nodes. Faults add up. */
export interface FaultyLink extends FaultyClientLink {
  /** Messages of the bus are lost with this probability, 0 to 1; a lost piece of replication is sent again and comes 200 ms late. */
  drop(probability: number): Promise<Undo>
}

/** What can be done to a cluster and its nodes. Each resolves when every node that can know has noticed. */
export interface Levers {
  /** Ends the thread of a node at once: its clients see a reset, its memory is lost. Healing restarts it, if it is still killed. */
  kill(node: ClusterNode): Promise<Undo>
  /** Brings a node back on the same ports and with the same identity, its data lost unless its master has them; one that runs is stopped first. Resolves when it is linked with all running nodes and, if they see the cluster as ok, it does too. */
  restart(node: ClusterNode): Promise<void>
  /** Freezes a node, as SIGSTOP does: its ports accept, nothing answers. Its peers notice as `failureDetection` says. Healing resumes it, if it is still paused. */
  pause(node: ClusterNode): Promise<Undo>
  /** Lets a paused node go on. It hears what its peers have said meanwhile before it serves its clients. */
  resume(node: ClusterNode): Promise<void>
  /** Cuts everything between groups of nodes, gossip and replication; nodes in no group keep all their links. Options may come last: with `{ clients: true }` the clients sit with the first group and the nodes of the others fall silent for them. */
  partition(...groups: (readonly ClusterNode[] | PartitionOptions)[]): Promise<Undo>
  /** The path between two nodes, for faults of its own: `cut()`, `delay(ms)` and `drop(probability)`, in both directions, or with `{ oneWay: true }` only from `a` to `b`. */
  link(a: ClusterNode, b: ClusterNode, options?: LinkOptions): FaultyLink
  /** The path between a node and its clients: `cut()` and `delay(ms)`. */
  clientLink(node: ClusterNode): FaultyClientLink
  /** Makes a replica the master in place of its own: `graceful` hands over without losing a write, `force` does not ask the master, `takeover` asks nobody. Resolves when all nodes agree and the old master, if it runs, follows. Healing fails back to it. */
  failover(
    replica: ClusterNode,
    options?: { readonly mode?: 'graceful' | 'force' | 'takeover' | undefined },
  ): Promise<Undo>
  /** Moves slots with their keys to another master while clients go on. `slots`: a slot, a range `{ start, end }`, or a list of both; the source of each is found unless `from` names it. Healing moves them back. */
  migrateSlots(options: {
    readonly slots: SlotList
    readonly to: ClusterNode
    readonly from?: ClusterNode | undefined
  }): Promise<Undo>
  /** Opens a slot for its way to another master, MIGRATING here and IMPORTING there, and moves no key yet: the state in which clients meet ASK and TRYAGAIN. */
  beginMigration(options: { readonly slot: number; readonly to: ClusterNode }): Promise<SlotMove>
  /** Starts one more node, which meets the others: a master without slots, or a replica of `replicaOf`. With `port`, its port is the next after the last. `await using` removes it. */
  addNode(options?: { readonly replicaOf?: ClusterNode | undefined }): Promise<JoinedNode>
  /** Takes a node out of the cluster for good: its slots go to the other masters with their keys, its replicas to other masters, all forget it. A killed node can go when its slots are served by others. */
  removeNode(node: ClusterNode): Promise<void>
  /** Moves slots until every master has its share, as `redis-cli --cluster rebalance` does: by `weights`, a Map of masters to numbers, 1 unless given; masters without slots get some only with `useEmptyMasters`. Healing moves them back. */
  rebalance(options?: {
    readonly weights?: ReadonlyMap<ClusterNode, number> | undefined
    readonly useEmptyMasters?: boolean | undefined
  }): Promise<Undo>
  /** Removes all keys from all masters, and so from their replicas. */
  flush(): Promise<void>
}

/** A running cluster. */
export interface Cluster extends Levers {
  /** All nodes that have not been removed: the masters first, then the replicas, as they were started, then those that joined. */
  readonly nodes: readonly ClusterNode[]
  /** The running nodes that are masters now. */
  readonly masters: readonly ClusterNode[]
  /** The running nodes that are replicas now. */
  readonly replicas: readonly ClusterNode[]
  /** The running replicas of a master. */
  replicasOf(master: ClusterNode): readonly ClusterNode[]
  /** The running master that serves a key; a string stands for its UTF-8 bytes. Throws ERR_SLOT_UNSERVED. */
  masterFor(key: string | Uint8Array): ClusterNode
  /** The slot of a key, 0 to 16383: of its hash tag, if it has one. */
  slotOf(key: string | Uint8Array): number
  /** Every node's `{ host, port }`, as ioredis takes them: `new Redis.Cluster(cluster.addresses)`. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[]
  /** URL of every node, with the password if there is one, as node-redis takes them. */
  readonly urls: readonly string[]
  /** The seed in use; give it to startCluster to have the same ids again. */
  readonly seed: string
  /** Waits until the predicate holds; it is asked now and whenever a node changes. `timeout` in milliseconds, 10000 unless given. Throws ERR_TIMEOUT. */
  until(
    predicate: (state: ClusterState) => boolean,
    options?: { readonly timeout?: number | undefined },
  ): Promise<void>
  /** Calls the listener with every event of that name from now on. */
  on<Name extends keyof ClusterEvents>(
    name: Name,
    listener: (event: ClusterEvents[Name]) => void,
  ): this
  /** Calls the listener with the next event of that name. */
  once<Name extends keyof ClusterEvents>(
    name: Name,
    listener: (event: ClusterEvents[Name]) => void,
  ): this
  /** Stops calling the listener. */
  off<Name extends keyof ClusterEvents>(
    name: Name,
    listener: (event: ClusterEvents[Name]) => void,
  ): this
  /** Stops all nodes and closes every port. May be called again, and at any time. */
  stop(): Promise<void>
  /** Stops the cluster at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void>
}

/** A node of a cluster. */
export interface ClusterNode {
  /** Its number, which stays. */
  readonly index: number
  /** 40 hexadecimal digits, as in CLUSTER NODES. */
  readonly id: string
  /** Address that clients are told. */
  readonly host: string
  /** Client port. */
  readonly port: number
  /** Port of the cluster bus; nobody listens there if the bus is a channel. */
  readonly busPort: number
  /** What became of the node: `'starting'`, `'running'`, `'paused'`, `'stopped'`, `'killed'`, `'crashed'` or `'removed'`. */
  readonly state: NodeState
  /** What the node says it is: `'master'` or `'replica'`. */
  readonly role: 'master' | 'replica'
  /** The master it replicates. */
  readonly master: ClusterNode | undefined
  /** The slots it says it serves, as ranges `{ start, end }`, both ends included. */
  readonly slots: readonly SlotRange[]
  /** Whether it sees the cluster as ok (`cluster_state`). */
  readonly clusterOk: boolean
  /** Nodes it knows, itself included (`cluster_known_nodes`). */
  readonly knownNodes: number
  /** Nodes it holds for failed or suspects. */
  readonly failing: number
  /** Slots it attributes to anybody (`cluster_slots_assigned`). */
  readonly slotsAssigned: number
  /** Its bus links that are up: `{ to, from }` other nodes. */
  readonly links: { readonly to: number; readonly from: number }
  /** Whether it is a replica in sync with its master. */
  readonly inSync: boolean
  /** Its configuration epoch. */
  readonly configEpoch: number
  /** The greatest epoch it has heard of. */
  readonly currentEpoch: number
  /** Its last 2000 log lines, oldest first, in Redis' words: those of level `notice` and above, and what `log` or the directive `loglevel` ask for. They outlive a restart. */
  readonly log: readonly LogEntry[]
}

/** A slot that is half-moved. */
export interface SlotMove {
  /** The slot. */
  readonly slot: number
  /** The master that owns the slot until `finish`. */
  readonly from: ClusterNode
  /** The master that imports it. */
  readonly to: ClusterNode
  /** Moves these keys, those of them that exist, or so many. */
  moveKeys(keys: number | readonly (string | Uint8Array)[]): Promise<void>
  /** Moves the rest and gives the slot over; resolves when all nodes agree. */
  finish(): Promise<void>
  /** Moves the keys back and closes the slot. */
  abort(): Promise<void>
  /** Aborts at the end of an `await using` block, unless it is over. */
  [Symbol.asyncDispose](): Promise<void>
}

/** A node that has joined a cluster that runs. */
export interface JoinedNode extends ClusterNode {
  /** Removes the node at the end of an `await using` block, unless it has been removed. */
  [Symbol.asyncDispose](): Promise<void>
}

/** What became of a node. */
export type NodeState = NodeLife

/** What a predicate of `until` sees; it is live. */
export interface ClusterState {
  /** Whether a node runs, and all that run see the cluster as ok: none of them because it has not noticed yet that a master is gone. */
  readonly ok: boolean
  /** As `cluster.nodes`. */
  readonly nodes: readonly ClusterNode[]
  /** As `cluster.masters`. */
  readonly masters: readonly ClusterNode[]
  /** As `cluster.replicas`. */
  readonly replicas: readonly ClusterNode[]
}
