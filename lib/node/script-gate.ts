/**
 * What is refused to scripts: whether one may run at all (scriptPrepareForRun in script.c) and which commands it may call
 * (scriptCall). The order of the checks is Redis' own: scripts see which error wins.
 */
import type { Bytes } from '../base/bytes.ts'
import { arityFits, type Command } from '../commands/command.ts'
import type { CommandEntry } from '../commands/table.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import type { ScriptFlag } from '../scripting/script-flag.ts'
import type { Router } from './dispatch.ts'
import type { Session } from './session.ts'

/** What the gates ask of the node. */
export interface ScriptGates {
  readonly router: Router | undefined
  readonly isReplica: boolean
  readonly replicaIsReadOnly: boolean
  readonly servesStaleData: boolean
  readonly masterLinkUp: boolean
  readonly hasGoodReplicas: boolean
  readonly writeRefusal: ReplyError | undefined
  readonly memory: { readonly isFull: boolean }
  readonly server: { readonly activity: { readonly deniesScripts: boolean } }
}

/** What a script may do. */
export interface ScriptRights {
  /** Whose script it is. */
  readonly caller: Session
  /** It may not write. */
  readonly isReadonly: boolean
  readonly allowsOom: boolean
  readonly allowsCrossSlot: boolean
  /** Enough replicas were in sync when it began. */
  readonly hasGoodReplicas: boolean
  /** It has called a command that writes. */
  hasWritten: boolean
  /** The slot of the keys so far. */
  slot: number | undefined
}

const UNKNOWN = new ReplyError('ERR Unknown Redis command called from script')
const WRONG_ARITY = new ReplyError('ERR Wrong number of args calling Redis command from script')
const NOT_ALLOWED = new ReplyError('ERR This Redis command is not allowed from script')
const STALE = new ReplyError('ERR Can not execute the command on a stale replica')
const READ_ONLY = new ReplyError('ERR Write commands are not allowed from read-only scripts.')
const DOWN = new ReplyError('ERR Script attempted to execute a command while the cluster is down')
const DOWN_READ_ONLY = new ReplyError(
  'ERR Script attempted to execute a write command while the cluster is down and readonly',
)
const NOT_LOCAL = new ReplyError('ERR Script attempted to access a non local key in a cluster node')
const CROSS_SLOT = new ReplyError(
  'ERR Script attempted to access keys that do not hash to the same slot',
)
const NO_CLUSTER = new ReplyError("ERR Can not run script on cluster, 'no-cluster' flag is set.")
const MAY_WRITE = new ReplyError('ERR Can not execute a script with write flag using *_ro command.')
const WRITES_ON_REPLICA = new ReplyError(
  'READONLY Can not run script with write flag on readonly replica.',
)
const MASTER_DOWN = new ReplyError(
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no' and 'allow-stale' flag is not set.",
)
const OUT_OF_MEMORY = new ReplyError(
  "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
)

/** Why a script with these flags may not run; undefined when it may. Without a first line it has no flags. */
export function refusalToRun(
  gates: ScriptGates,
  { caller, isReadonly }: { readonly caller: Session; readonly isReadonly: boolean },
  flags: ReadonlySet<ScriptFlag> | undefined,
): ReplyError | undefined {
  const obeys = caller.kind === 'master'
  const isStale = gates.isReplica && !gates.masterLinkUp && !gates.servesStaleData && !obeys
  if (flags === undefined) return isStale ? errors.masterDown : undefined
  if (flags.has('no-cluster') && gates.router !== undefined) return NO_CLUSTER
  if (isStale && !flags.has('allow-stale')) return MASTER_DOWN
  const mayWrite = !flags.has('no-writes')
  if (mayWrite) {
    if (isReadonly) return MAY_WRITE
    if (gates.isReplica && gates.replicaIsReadOnly && !obeys) return WRITES_ON_REPLICA
    if (gates.writeRefusal !== undefined) return gates.writeRefusal
    if (!gates.isReplica && !gates.hasGoodReplicas) return errors.notEnoughReplicas
    if (gates.memory.isFull && !flags.has('allow-oom') && !obeys) return OUT_OF_MEMORY
  }
  return undefined
}

/** Why a command may not be called; undefined when it may, which then counts as called. */
export function refusalToCall(
  gates: ScriptGates,
  rights: ScriptRights,
  {
    session,
    entry,
    argv,
  }: { session: Session; entry: CommandEntry | undefined; argv: readonly Bytes[] },
): ReplyError | undefined {
  if (entry === undefined) return UNKNOWN
  const { command } = entry
  const { caller } = rights
  if (!arityFits(command, argv)) return WRONG_ARITY
  if (isDenied(gates, command)) return NOT_ALLOWED
  const obeys = caller.kind === 'master'
  if (gates.isReplica && !gates.masterLinkUp && !gates.servesStaleData && !command.has('stale')) {
    if (!obeys) return STALE
  }
  if (!caller.user.isUnrestricted) {
    const denied = caller.acl.refusalInScript(caller, command, argv)
    if (denied !== undefined) return denied
  }
  // What replicas may hear of counts as a write here (scriptVerifyWriteCommandAllow).
  if (rights.isReadonly && (command.isWrite || command.has('may_replicate'))) return READ_ONLY
  if (command.isWrite) {
    if (gates.isReplica && gates.replicaIsReadOnly && !obeys) return errors.readOnlyReplica
    if (gates.writeRefusal !== undefined && !obeys) return gates.writeRefusal
    if (!gates.isReplica && !rights.hasGoodReplicas) return errors.notEnoughReplicas
  }
  if (gates.memory.isFull && command.has('denyoom') && !rights.hasWritten && !obeys) {
    if (!rights.allowsOom) return errors.outOfMemory
  }
  if (command.isWrite) rights.hasWritten = true
  return obeys ? undefined : elsewhere(gates, rights, { session, command, argv })
}

/** A script in a script cannot be. */
function isDenied({ server }: ScriptGates, command: Command): boolean {
  return command.has('noscript') && (server.activity.deniesScripts || command.group === 'scripting')
}

function elsewhere(
  { router }: ScriptGates,
  rights: ScriptRights,
  { session, command, argv }: { session: Session; command: Command; argv: readonly Bytes[] },
): ReplyError | undefined {
  if (router === undefined || (command.firstKey === 0 && !command.movableKeys)) return undefined
  session.asking = rights.caller.asking
  session.readonlyMode = rights.caller.readonlyMode
  const redirection = router.route(session, command, argv)
  if (redirection === errors.clusterDown) return DOWN
  if (redirection === errors.clusterDownReadOnly) return DOWN_READ_ONLY
  if (redirection !== undefined) return NOT_LOCAL
  if (rights.allowsCrossSlot) return undefined
  const slot = router.slotOf(session, command, argv)
  if (slot === undefined) return undefined
  rights.slot ??= slot
  return rights.slot === slot ? undefined : CROSS_SLOT
}
