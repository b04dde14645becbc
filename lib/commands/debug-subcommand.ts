/** What a subcommand of DEBUG is; {@link debug} puts those of all files together. */
import type { Bytes } from '../base/bytes.ts'
import type { Context } from './context.ts'

/** What it does. */
export type Run = (context: Context, argv: readonly Bytes[]) => void

/** By their names; undefined for a number of arguments they do not take. */
export type Subcommands = Readonly<Record<string, (argv: readonly Bytes[]) => Run | undefined>>
