/**
 * Everything that can happen to the cluster machine, as plain data. Links have ids: outbound ones positive, given by the
 * machine in its `connect` effect; inbound ones negative, given by the transport, never used twice.
 */
import type { Bytes } from '../base/bytes.ts'
import type { BusMessage, NodeId } from '../bus/message.ts'
import type { LinkId } from './link.ts'

/** An input of `ClusterMachine.step`. */
export type ClusterInput =
  /** 100 ms have passed, or more: so many ticks before this one were left out, as `idleTicks` allowed. */
  | { readonly type: 'tick'; readonly skipped?: number }
  /** The time asked for by a `wake` effect has come. */
  | { readonly type: 'wake' }
  /** A peer connected to our bus port: its address, and ours as it reached us. */
  | {
      readonly type: 'link-accepted'
      readonly link: LinkId
      readonly remoteIp: string
      readonly localIp: string
    }
  /** Our `connect` succeeded. */
  | { readonly type: 'link-opened'; readonly link: LinkId }
  /** A link ended, of either direction, or our `connect` failed. */
  | { readonly type: 'link-closed'; readonly link: LinkId }
  | { readonly type: 'connect-failed'; readonly link: LinkId }
  | { readonly type: 'message'; readonly link: LinkId; readonly message: BusMessage }
  /** A message of this wire type came that is not valid: counted, and nothing more. */
  | { readonly type: 'dropped'; readonly messageType: number }
  /** The host's truth: messages to or from this node no longer arrive; they do again. */
  | { readonly type: 'unreachable'; readonly node: NodeId }
  | { readonly type: 'reachable'; readonly node: NodeId }
  /** A client of this node published. */
  | {
      readonly type: 'publish'
      readonly channel: Bytes
      readonly payload: Bytes
      readonly sharded: boolean
    }
  /** The dataset was loaded from disk: keys may lie in slots that are not ours. */
  | { readonly type: 'data-loaded' }
  /** Tell all peers now what they would hear with the next ping: the replication offset has become known. */
  | { readonly type: 'announce' }
