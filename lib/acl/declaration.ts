/**
 * The `user` lines of redis.conf: who there is when the node starts (ACLAppendUserForLoading and ACLLoadConfiguredUsers).
 * What is wrong with a line is told as Redis tells it, odd names of the culprit included.
 */
import type { Bytes } from '../base/bytes.ts'
import { DEFAULT_NAME, type UserDirectory } from './directory.ts'
import { hasBlank, mergeSelectors, mistakeIn, type RuleContext, unknownName } from './rule.ts'
import { User } from './user.ts'

/** A line that makes no user. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError'
  /** Index of the line when its words cannot be understood; undefined when they cannot be followed. */
  readonly line: number | undefined

  constructor(message: string, line?: number) {
    super(message)
    this.line = line
  }
}

/** Adds the users of lines, whose words come without `user` itself, and returns them. Throws {@link DeclarationError}. */
export function declareUsers(
  directory: UserDirectory,
  lines: readonly (readonly Bytes[])[],
  context: RuleContext,
): User[] {
  const declared = new Map<Bytes, readonly Bytes[]>()
  for (const [index, [name = '', ...words]] of lines.entries()) {
    const refuse = (reason: string, culprit: Bytes): never => {
      throw new DeclarationError(`Error in user declaration '${culprit}': ${reason}`, index)
    }
    // Redis names the word two places before the wrong one.
    const before = (at: number): Bytes => ['user', name, ...words][at] ?? ''
    if (declared.has(name)) {
      refuse('Duplicate user found. A user can only be defined once in config files', name)
    }
    const rules = mergeSelectors(words)
    if ('index' in rules) return refuse(unknownName().message, before(rules.index))
    const draft = new User(name, context)
    for (const [at, rule] of rules.entries()) {
      const mistake = mistakeIn(draft, rule, { ...context, warn: () => {} })
      // A module could bring the command.
      if (mistake !== undefined && !mistake.isUnknownName) refuse(mistake.message, before(at))
    }
    declared.set(name, rules)
  }
  return [...declared].map(([name, rules]) => directory.put(draftOf(name, rules, context)))
}

function draftOf(name: Bytes, rules: readonly Bytes[], context: RuleContext): User {
  if (hasBlank(name)) throw new DeclarationError('Spaces not allowed in ACL usernames')
  const draft = new User(name, context)
  // There is a default user already, who is put back first; a trace of that stays in its rules.
  for (const rule of name === DEFAULT_NAME ? ['reset', ...rules] : rules) {
    const mistake = mistakeIn(draft, rule, context)
    if (mistake === undefined) continue
    throw new DeclarationError(
      `Error loading ACL rule '${rule}' for the user named '${name}': ${mistake.message}`,
    )
  }
  return draft
}
