/**
 * Control messages as bytes: msgpackr frames, one message each to a node, any number to the host. Invariant: a frame owns its buffer, so it can be
 * transferred; msgpackr itself hands out views of a pooled buffer, of which a post would copy all 8 KB.
 */
import { pack } from 'msgpackr/pack'
import { unpack } from 'msgpackr/unpack'
import type { HostMessage, NodeMessage } from './message.ts'

/** A packed message; post it with its `buffer` in the transfer list. */
export type Frame = Uint8Array<ArrayBuffer>

/** A frame for a node. */
export function packForNode(message: HostMessage): Frame {
  return frameOf(message)
}

/** A frame for the host: what a node has to say at once, in this order. */
export function packForHost(messages: readonly NodeMessage[]): Frame {
  return frameOf(messages)
}

/** The message of a frame that {@link packForNode} made. */
export function unpackFromHost(frame: Uint8Array): HostMessage {
  return unpack(frame)
}

/** The messages of a frame that {@link packForHost} made. */
export function unpackFromNode(frame: Uint8Array): readonly NodeMessage[] {
  return unpack(frame)
}

function frameOf(content: HostMessage | readonly NodeMessage[]): Frame {
  return Uint8Array.prototype.slice.call(pack(content)) as Frame
}
