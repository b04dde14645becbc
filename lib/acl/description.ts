/**
 * Users as ACL LIST and ACL GETUSER show them: rules that make them anew (ACLDescribeUser in acl.c). Which commands a
 * selector allows is told by the categories that fit best, one after the other, and single commands for what is left.
 */
import type { Bytes } from '../base/bytes.ts'
import type { SelectorDescription, UserDescription } from '../commands/acl-port.ts'
import { ACL_CATEGORIES, type AclCategory, categoriesOf } from '../commands/command.ts'
import { CommandSet } from './command-set.ts'
import type { KeyPattern, Selector } from './selector.ts'
import type { User } from './user.ts'

/** All facts of ACL GETUSER. */
export function describeUser(user: User): UserDescription {
  const [root, ...others] = user.selectors.map(describeSelector)
  return {
    ...(root as SelectorDescription),
    flags: flagsOf(user),
    passwords: user.passwords,
    selectors: others,
  }
}

/** The rules of a user as ACL LIST and files have them, without its name. */
export function rulesOf(user: User): Bytes {
  const [root, ...others] = user.selectors.map(selectorRules)
  return [
    ...flagsOf(user),
    ...user.passwords.map((digest) => `#${digest}`),
    root,
    ...others.map((rules) => `(${rules})`),
  ].join(' ')
}

function flagsOf({ isEnabled, needsNoPassword, payloadRule }: User): string[] {
  return [
    isEnabled ? 'on' : 'off',
    ...(needsNoPassword ? ['nopass'] : []),
    ...(payloadRule === undefined ? [] : [payloadRule]),
  ]
}

function describeSelector(selector: Selector): SelectorDescription {
  return {
    commands: commandRules(selector.commands).join(' '),
    keys: keyRules(selector).join(' '),
    channels: channelRules(selector).join(' '),
  }
}

function selectorRules(selector: Selector): Bytes {
  return [
    ...keyRules(selector),
    ...(selector.allChannels ? [] : ['resetchannels']),
    ...channelRules(selector),
    ...commandRules(selector.commands),
  ].join(' ')
}

function keyRules({ allKeys, keyPatterns }: Selector): Bytes[] {
  return allKeys ? ['~*'] : keyPatterns.map(keyRule)
}

function keyRule({ pattern, reads, writes }: KeyPattern): Bytes {
  if (reads && writes) return `~${pattern}`
  return `%${reads ? 'R' : 'W'}~${pattern}`
}

function channelRules({ allChannels, channelPatterns }: Selector): Bytes[] {
  return allChannels ? ['&*'] : channelPatterns.map((pattern) => `&${pattern}`)
}

/** The shortest rules that Redis finds: they begin with all commands or with none. */
function commandRules(commands: CommandSet): Bytes[] {
  const adds = !commands.includesFuture
  const sign = adds ? '+' : '-'
  /** What the rules so far make. */
  const made = new CommandSet(commands.table)
  if (!adds) made.allowAll()
  /** What the commands would be without the categories so far. */
  const left = commands.copy()
  const rules: Bytes[] = [adds ? '-@all' : '+@all']
  const unused = new Set(ACL_CATEGORIES)
  for (;;) {
    const category = closestCategory(left, adds, unused)
    if (category === undefined) break
    made.setCategory(category, adds)
    left.setCategory(category, !adds)
    unused.delete(category)
    rules.push(`${sign}@${category}`)
  }
  for (const entry of commands.table.all()) {
    const { command } = entry
    const isAllowed = commands.has(command)
    if (isAllowed !== made.has(command)) {
      rules.push(`${isAllowed ? '+' : '-'}${command.fullName}`)
      made.set(entry, isAllowed)
    }
    if (isAllowed) continue
    for (const argument of commands.firstArgumentsOf(command)) {
      rules.push(`+${command.fullName}|${argument}`)
    }
  }
  return rules
}

/** The category with the fewest commands that do not fit, and of those with as few the one with the most that do. */
function closestCategory(
  commands: CommandSet,
  adds: boolean,
  categories: ReadonlySet<AclCategory>,
): AclCategory | undefined {
  const counts = new Map([...categories].map((category) => [category, { same: 0, different: 0 }]))
  for (const { command } of commands.table.all()) {
    const fits = commands.has(command) === adds
    for (const category of categoriesOf(command)) {
      const count = counts.get(category)
      if (count === undefined) continue
      if (fits) count.same++
      else count.different++
    }
  }
  let best: AclCategory | undefined
  let fewest = Number.POSITIVE_INFINITY
  let most = 0
  for (const [category, { same, different }] of counts) {
    if (same <= different || different > fewest) continue
    if (different === fewest && same <= most) continue
    best = category
    fewest = different
    most = same
  }
  return best
}
