/**
 * What a command is that runs a script, by what the script says of itself: one with flags writes, needs memory or reads stale
 * data, or does not (scriptFlagsToCmdFlags in script.c). The gates then judge the script instead of its command.
 */
import { type Command, command } from './command.ts'

/** What a script says of itself that concerns the gates. */
export interface ScriptPromise {
  readonly noWrites: boolean
  readonly allowsOom: boolean
  readonly allowsStale: boolean
}

const variants = new Map<Command, Map<number, Command>>()

/** The command as the gates are to see it while it runs a script that promises this. */
export function variantFor(original: Command, promise: ScriptPromise): Command {
  const { noWrites, allowsOom, allowsStale } = promise
  const key = (noWrites ? 1 : 0) + (allowsOom ? 2 : 0) + (allowsStale ? 4 : 0)
  const known = variants.get(original) ?? new Map<number, Command>()
  variants.set(original, known)
  let variant = known.get(key)
  if (variant === undefined) {
    variant = make(original, promise)
    known.set(key, variant)
  }
  return variant
}

function make(original: Command, { noWrites, allowsOom, allowsStale }: ScriptPromise): Command {
  const flags = new Set(original.declaration.flags)
  // Whether replicas may hear of it is known now: of a write.
  for (const flag of ['stale', 'denyoom', 'write', 'may_replicate'] as const) flags.delete(flag)
  if (!noWrites && !allowsOom) flags.add('denyoom')
  if (!noWrites) {
    // Also where its command says that it only reads: the script is refused then, unless somebody else does it before.
    flags.delete('readonly')
    flags.add('write')
  }
  if (allowsStale) flags.add('stale')
  return command({ ...original.declaration, flags: [...flags] }, original)
}
