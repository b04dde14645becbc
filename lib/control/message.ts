/**
 * What host and node tell each other: one port per node, every frame packed by msgpackr (`pack.ts`). The host asks,
 * the node answers by the same `request` number; events come unasked.
 */
import type { MessagePort } from 'node:worker_threads'
import type { Release } from '../base/version.ts'
import type { NodeEvent } from './event.ts'

/** All a node needs to boot. Travels once, by structured clone, as the task of its thread. */
export interface NodeBoot {
  /** This node's place in the shared memory. */
  readonly index: number
  readonly id: string
  readonly shared: SharedArrayBuffer
  readonly capacity: number
  readonly seed: number
  /** How often this node was started before: no two lives draw the same, or two histories would share an id. */
  readonly lives: number
  /** Address to listen on. */
  readonly host: string
  /** Address that clients and other nodes are told: the one in the planned nodes.conf. */
  readonly announcedHost: string
  /** Client port; 0 lets the system pick one that leaves room for the bus port. */
  readonly port: number
  readonly bus: 'channel' | 'tcp'
  readonly failureDetection: 'instant' | 'timeout'
  /** What it passes for. */
  /** Undefined: the default one. */
  readonly version: Release | undefined
  /** redis.conf directives: name and value as in the file. */
  readonly directives: readonly (readonly [name: string, value: string])[]
  /** Directory for files; undefined keeps everything in memory. */
  readonly directory: string | undefined
  readonly log: 'debug' | 'verbose' | 'notice' | 'warning' | 'nothing'
  /** Host's end is the other half. */
  readonly control: MessagePort
  /** Channels to the nodes that start with it. */
  readonly peers: readonly PeerChannel[]
  /** The node is a server of its own: its redis.conf decides addresses, ports, directory and log instead. */
  readonly server?: ServerBoot | undefined
}

/** What a server of its own starts from. */
export interface ServerBoot {
  /** redis.conf with all that a command line adds, latin1. */
  readonly configText: string
  /** Absolute path of the file itself, which CONFIG REWRITE replaces; empty when there is none. */
  readonly configPath: string
  /** Where relative paths begin. */
  readonly workingDirectory: string
}

/** Why a node could not start or go on: the codes of ClusterError that a node may give. */
export type FailureCode =
  | 'ERR_PORT_TAKEN'
  | 'ERR_LISTEN'
  | 'ERR_BAD_DIRECTIVE'
  | 'ERR_BAD_DIRECTORY'
  | 'ERR_NODE_CRASHED'

/** Host to node. */
export type HostMessage =
  /**
   * Become the node this nodes.conf text makes you: one of a planned cluster, or what you were before you went. Without
   * a text: what `directory` holds, else a blank node. Answered by `formed`.
   */
  | {
      readonly type: 'form'
      readonly clusterConfig: string | undefined
      /** The RDB file it saved in an earlier life, if it has no directory to keep it in. */
      readonly snapshot?: Uint8Array | undefined
      /** The text is the plan of a new cluster: there is no news that a master back from the dead had to wait for. */
      readonly isPlanned: boolean
    }
  /**
   * Run commands as a local, fully trusted client, all in one turn; bytes as latin1. What they mean for the cluster is
   * done when all have run. Answered by `result` with the raw RESP2 replies.
   */
  | {
      readonly type: 'commands'
      readonly request: number
      readonly commands: readonly (readonly string[])[]
    }
  /**
   * The host's truth: nothing comes through from or to the node of this id any more, or it does again. Only nodes with
   * instant failure detection are told.
   */
  | { readonly type: 'unreachable' | 'reachable'; readonly node: string }
  /** Look at the faults, which may have changed, and answer `heard`: all that was said before has been heard as well. */
  | { readonly type: 'hear'; readonly request: number }
  /** Sleep until the host wakes you in the shared memory, as a stopped process does (SIGSTOP). */
  | { readonly type: 'pause' }
  /** The process got this signal: shut down as SHUTDOWN does. `shutdown` follows if nothing forbids it. */
  | { readonly type: 'signal'; readonly name: 'SIGINT' | 'SIGTERM' }
  /** Close everything and hand the thread back. Answered by `stopped`. */
  | { readonly type: 'stop' }

/** Node to host. */
export type NodeMessage =
  | {
      readonly type: 'listening'
      readonly port: number
      readonly busPort: number
      readonly threadId: number
    }
  | { readonly type: 'formed' }
  | { readonly type: 'result'; readonly request: number; readonly replies: readonly string[] }
  | { readonly type: 'heard'; readonly request: number }
  | { readonly type: 'stopped' }
  /**
   * The node cannot start or go on (a taken port, a bad directive, a broken invariant): code and text for a
   * ClusterError. The text is a clause without a full stop: `port 7000 is in use`. It is the node's last message; unless
   * it crashed, it has closed everything and its thread is free.
   */
  | { readonly type: 'failed'; readonly code: FailureCode; readonly text: string }
  /** A client sent SHUTDOWN: the node closes everything; `stopped` follows unasked. */
  | { readonly type: 'shutdown' }
  /** The nodes.conf text as it is after a change, from a node without a directory: what a restart gives back to it. */
  | { readonly type: 'config'; readonly text: string }
  /** The RDB file that a node without a directory has saved: its next life begins with it. */
  | { readonly type: 'snapshot'; readonly snapshot: Uint8Array }
  /** What the node decided; its page of the shared memory says so already. */
  | { readonly type: 'event'; readonly event: NodeEvent }
  | {
      readonly type: 'log'
      readonly level: 'debug' | 'verbose' | 'notice' | 'warning'
      readonly timeMs: number
      readonly text: string
    }

/** One end of a channel to the node of an index. */
export interface PeerChannel {
  readonly index: number
  readonly port: MessagePort
}

/**
 * Node to host, not packed since it carries ports: the channels of a node that could not boot. The other end of one may not be
 * on its way to its node yet, and once this end is closed it could not be sent.
 */
export interface UnusedPeersMessage {
  readonly type: 'unused'
  readonly ports: readonly MessagePort[]
}

/** Host to node, not packed since it carries a port: a channel to a node that came, or came back. */
export interface PeerMessage extends PeerChannel {
  readonly type: 'peer'
}
