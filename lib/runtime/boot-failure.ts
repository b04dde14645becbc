/**
 * Why a node could not start or go on, as its host is told. Invariant: the host has its channels back, and the thread stays good
 * for another node.
 */
import { textOf } from '../base/bytes.ts'
import type { FailureCode, NodeBoot, UnusedPeersMessage } from '../control/message.ts'
import { packForHost } from '../control/pack.ts'
import { ConfigError } from '../node/config/config-text.ts'

/** Tells the host why the node cannot be; nothing more is said. */
export function tellFailure(boot: NodeBoot, code: FailureCode, error: unknown): void {
  const ports = boot.peers.map(({ port }) => port)
  const unused: UnusedPeersMessage = { type: 'unused', ports }
  if (ports.length > 0) boot.control.postMessage(unused, ports)
  const packed = packForHost([{ type: 'failed', code, text: clauseOf(error, boot) }])
  boot.control.postMessage(packed, [packed.buffer])
  boot.control.close()
}

/** What is wrong, in a line: of a directive, as it was given and why it cannot be. */
export function clauseOf(
  error: unknown,
  { port: clientPort, server }: Pick<NodeBoot, 'port' | 'server'>,
): string {
  if (error instanceof ConfigError && error.at !== undefined && server === undefined) {
    return textOf(`'${error.at.text}': ${error.reason}`)
  }
  const { code, port } = error as { readonly code?: unknown; readonly port?: unknown }
  if (code === 'EADDRINUSE') return `${port === clientPort ? 'port' : 'bus port'} ${port} is in use`
  return error instanceof Error ? error.message : String(error)
}
