/**
 * Which clients want their scripts debugged, and the sessions there are (SCRIPT DEBUG and ldbEnable in eval.c). Invariant: one
 * session at a time is exclusive; of the others there may be as many as there are clients.
 */
import type { Bytes } from '../base/bytes.ts'
import type { ConfigPort } from '../commands/context.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type DebuggedNode, DebugSession, type DebugSessionParts } from './debug-session.ts'
import type { NodeIo } from './io.ts'
import type { Session } from './session.ts'

const IN_PIPELINE = new ReplyError('ERR SCRIPT DEBUG must be called outside a pipeline')
const NO_MODE = new ReplyError('ERR Use SCRIPT DEBUG YES/SYNC/NO')
const BY_DIGEST = new ReplyError('ERR Please use EVAL instead of EVALSHA for debugging')

/** The debugging of one node. */
export class ScriptDebugging {
  readonly #node: DebuggedNode
  readonly #config: ConfigPort
  readonly #io: NodeIo
  readonly #scripting: DebugSessionParts['scripting']
  readonly #sessions = new Set<DebugSession>()

  constructor(
    node: DebuggedNode,
    config: ConfigPort,
    io: NodeIo,
    scripting: DebugSessionParts['scripting'],
  ) {
    this.#node = node
    this.#config = config
    this.#io = io
    this.#scripting = scripting
  }

  /** Nobody but the client that debugs is served now. */
  get isExclusive(): boolean {
    for (const session of this.#sessions) if (session.isExclusive) return true
    return false
  }

  /** How the scripts of a client are debugged from now on. Throws ReplyError. */
  choose(client: Session, mode: 'sync' | 'fork' | 'no' | undefined): void {
    if (client.reply.length > 0) throw IN_PIPELINE
    if (mode === undefined) throw NO_MODE
    // Whoever was in sync mode stays there until it says no.
    if (mode !== 'fork' || client.debugMode !== 'sync') client.debugMode = mode
  }

  /** Begins a session. Throws ReplyError. */
  begin(
    caller: Session,
    {
      argv,
      byDigest,
      isReadonly,
    }: { argv: readonly Bytes[]; byDigest: boolean; isReadonly: boolean },
  ): void {
    const { debugMode } = caller
    if (debugMode === 'no') return
    if (byDigest) throw BY_DIGEST
    const session: DebugSession = new DebugSession({
      node: this.#node,
      config: this.#config,
      io: this.#io,
      scripting: this.#scripting,
      call: { caller, isReadonly, argv, mode: debugMode },
      ended: () => {
        this.#sessions.delete(session)
      },
    })
    this.#sessions.add(session)
    session.begin()
  }
}
