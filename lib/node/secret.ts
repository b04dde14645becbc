/**
 * Words of commands that nobody but the server may read: passwords and what belongs to them are not shown to monitors and
 * not kept in the slow log (redactClientCommandArgument).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Command } from '../commands/command.ts'
import { secretDirectives } from './config/directive.ts'

const SECRET = '(redacted)'

/** The words of a command, its secrets replaced. */
export function withoutSecrets({ fullName }: Command, argv: readonly Bytes[]): readonly Bytes[] {
  switch (fullName) {
    case 'auth':
      // With more words than it takes it is not looked at.
      return argv.length > 3 ? argv : hide(argv, (i) => i > 0)
    case 'acl|setuser':
      return hide(argv, (i) => i > 1)
    case 'config|set':
      return hide(argv, (i) => i > 2 && secretDirectives.has(argv[i - 1]?.toLowerCase() ?? ''))
    case 'hello':
      return hideAfter(argv, { AUTH: 2 })
    case 'migrate':
      return hideAfter(argv, { AUTH: 1, AUTH2: 2 })
    default:
      return argv
  }
}

/** Hides as many words as a keyword says after its first place, if all of them are there. */
function hideAfter(
  argv: readonly Bytes[],
  hidden: Readonly<Record<string, number>>,
): readonly Bytes[] {
  const at = argv.findIndex((word) => word.toUpperCase() in hidden)
  const count = hidden[argv[at]?.toUpperCase() ?? ''] ?? 0
  if (at + count >= argv.length) return argv
  return hide(argv, (i) => i > at && i <= at + count)
}

function hide(argv: readonly Bytes[], isSecret: (index: number) => boolean): readonly Bytes[] {
  return argv.map((word, i) => (isSecret(i) ? SECRET : word))
}
