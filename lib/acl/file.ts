/**
 * An ACL file: a user a line, `user <name> <rules>` (ACLLoadFromFile). All lines are read whatever is wrong with one, so
 * that all mistakes are told at once; a file with any of them changes nothing.
 */
import type { Bytes } from '../base/bytes.ts'
import { hasBlank, mergeSelectors, mistakeIn, type RuleContext } from './rule.ts'
import { User } from './user.ts'

/** An ACL file that cannot be used; the message tells all mistakes as Redis does. */
export class AclFileError extends Error {
  override readonly name = 'AclFileError'
}

/** The users of a file. `path` is its name in messages. Throws {@link AclFileError}. */
export function parseAclFile(text: Bytes, path: Bytes, context: RuleContext): Map<Bytes, User> {
  const users = new Map<Bytes, User>()
  const mistakes: string[] = []
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
    if (line !== '') mistakes.push(...takeLine(users, line, { path, number: i + 1, context }))
  }
  if (mistakes.length === 0) return users
  throw new AclFileError(
    `${mistakes.join('')}WARNING: ACL errors detected, no change to the previously active ACL rules was performed`,
  )
}

/** Adds the user of a line; returns what is wrong with it. */
function takeLine(
  users: Map<Bytes, User>,
  line: Bytes,
  { path, number, context }: { path: Bytes; number: number; context: RuleContext },
): string[] {
  const place = `${path}:${number}`
  const [keyword, name, ...words] = line.split(' ')
  if (keyword !== 'user' || name === undefined) {
    return [`${place} should start with user keyword followed by the username. `]
  }
  if (hasBlank(name)) return [`'${place}: username '${name}' contains invalid characters. `]
  if (users.has(name)) return [`WARNING: Duplicate user '${name}' found on line ${number}. `]
  const draft = new User(name, context)
  users.set(name, draft)
  const rules = mergeSelectors(words)
  if ('index' in rules) return [`${place}: Unmatched parenthesis in selector definition.`]
  const mistakes: string[] = []
  let isTold = false
  for (const rule of rules) {
    const mistake = mistakeIn(draft, rule, context)
    if (mistake === undefined) continue
    if (mistake.isUnknownName) {
      mistakes.push(`${place}: Error in applying operation '${rule}': ${mistake.message}. `)
    } else if (!isTold) {
      // A rule may hold a password: it is not shown. What follows a mistake may be wrong because of it.
      mistakes.push(`${place}: ${mistake.message}. `)
      isTold = true
    }
  }
  return mistakes
}
