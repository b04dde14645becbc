/**
 * The rules of ACL SETUSER, of `user` lines and of ACL files: each word changes something about a user (ACLSetUser and
 * ACLSetSelector in acl.c). A word that is wrong changes nothing and is refused in Redis' words.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { ACL_CATEGORIES } from '../commands/command.ts'
import { splitArguments } from '../resp/inline.ts'
import { type KeyPattern, Selector } from './selector.ts'
import { digestOf, User, type UserDefaults } from './user.ts'

/** Why a rule is wrong. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
  /** There is no command or category of this name. */
  readonly isUnknownName: boolean

  constructor(message: string, options: { readonly isUnknownName?: true } = {}) {
    super(message)
    this.isUnknownName = options.isUnknownName ?? false
  }
}

/** What rules may depend on. */
export interface RuleContext extends UserDefaults {
  /** Hears that a rule works but should not be used. */
  warn(text: string): void
}

const TOO_MANY_KEYS =
  "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns"
const TOO_MANY_CHANNELS =
  "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels"
const BAD_DIGEST =
  'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters'

const syntaxError = (): RuleError => new RuleError('Syntax error')

/** A command or category that there is not. */
export function unknownName(): RuleError {
  return new RuleError('Unknown command or category name in ACL', { isUnknownName: true })
}

/** Rules that are a word alone and concern the user as a whole, or its root. */
const WORDS = new Map<Bytes, (user: User, context: RuleContext) => void>([
  ['on', (user) => user.enable(true)],
  ['off', (user) => user.enable(false)],
  ['nopass', (user) => user.resetPasswords(true)],
  ['resetpass', (user) => user.resetPasswords(false)],
  ['sanitize-payload', (user) => user.setPayloadRule('sanitize-payload')],
  ['skip-sanitize-payload', (user) => user.setPayloadRule('skip-sanitize-payload')],
  ['clearselectors', (user) => user.clearSelectors()],
  ['reset', reset],
])

function reset(user: User, context: RuleContext): void {
  user.become(new User(user.name, context))
  user.setPayloadRule('sanitize-payload')
}

/** Rules that are a word alone and concern one selector. */
const SELECTOR_WORDS = new Map<Bytes, (selector: Selector) => void>([
  ['allkeys', (selector) => selector.resetKeys(true)],
  ['~*', (selector) => selector.resetKeys(true)],
  ['resetkeys', (selector) => selector.resetKeys(false)],
  ['allchannels', (selector) => selector.resetChannels(true)],
  ['&*', (selector) => selector.resetChannels(true)],
  ['resetchannels', (selector) => selector.resetChannels(false)],
  ['allcommands', ({ commands }) => commands.allowAll()],
  ['+@all', ({ commands }) => commands.allowAll()],
  ['nocommands', ({ commands }) => commands.denyAll()],
  ['-@all', ({ commands }) => commands.denyAll()],
])

/** Applies one rule. Throws {@link RuleError}. */
export function applyRule(user: User, rule: Bytes, context: RuleContext): void {
  const word = WORDS.get(upToNul(rule).toLowerCase())
  if (word !== undefined) {
    word(user, context)
    return
  }
  const rest = rule.slice(1)
  switch (rule[0]) {
    case '>':
      user.addPassword(digestOf(rest))
      break
    case '#':
      user.addPassword(checkedDigest(rest))
      break
    case '<':
      removePassword(user, digestOf(rest))
      break
    case '!':
      removePassword(user, checkedDigest(rest))
      break
    case '(':
      if (!rule.endsWith(')')) throw syntaxError()
      user.addSelector(selectorOf(rule.slice(1, -1), context))
      break
    default:
      applySelectorRule(user.root, rule, context)
  }
}

/** {@link applyRule}, which gives back what is wrong. */
export function mistakeIn(user: User, rule: Bytes, context: RuleContext): RuleError | undefined {
  try {
    applyRule(user, rule, context)
  } catch (error) {
    if (error instanceof RuleError) return error
    throw error
  }
  return undefined
}

function checkedDigest(digest: Bytes): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new RuleError(BAD_DIGEST)
  return digest
}

function removePassword(user: User, digest: string): void {
  if (user.removePassword(digest)) return
  throw new RuleError('The password you are trying to remove from the user does not exist')
}

function selectorOf(rules: Bytes, context: RuleContext): Selector {
  const selector = new Selector(context)
  for (const rule of splitArguments(upToNul(rules)) ?? [])
    applySelectorRule(selector, rule, context)
  return selector
}

function applySelectorRule(selector: Selector, rule: Bytes, context: RuleContext): void {
  // Names are C strings, patterns are not.
  const name = upToNul(rule)
  if (name === '') return
  const word = SELECTOR_WORDS.get(name.toLowerCase())
  if (word !== undefined) word(selector)
  else if (rule[0] === '~' || rule[0] === '%') addKeys(selector, rule)
  else if (rule[0] === '&') addChannels(selector, rule.slice(1))
  else if (/^[+-]@/.test(name)) setCategory(selector, name)
  else if (name[0] === '+') allowCommand(selector, name.slice(1), context)
  else if (name[0] === '-') denyCommand(selector, name.slice(1))
  else throw syntaxError()
}

function addKeys(selector: Selector, rule: Bytes): void {
  if (selector.allKeys) throw new RuleError(TOO_MANY_KEYS)
  const keys = keyPatternOf(rule)
  if (hasBlank(keys.pattern)) throw syntaxError()
  selector.addKeys(keys)
}

/** `~pattern`, or `%` with R, W or both, each once, before it. */
function keyPatternOf(rule: Bytes): KeyPattern {
  if (rule[0] === '~') return { pattern: rule.slice(1), reads: true, writes: true }
  const [, letters = '', pattern = ''] = /^%([RW]*)(?:~(.*))?$/is.exec(rule) ?? []
  const access = letters.toUpperCase()
  if (access === '' || /R.*R|W.*W/.test(access)) throw syntaxError()
  return { pattern, reads: access.includes('R'), writes: access.includes('W') }
}

function addChannels(selector: Selector, pattern: Bytes): void {
  if (selector.allChannels) throw new RuleError(TOO_MANY_CHANNELS)
  if (hasBlank(pattern)) throw syntaxError()
  selector.addChannels(pattern)
}

function setCategory({ commands }: Selector, rule: Bytes): void {
  const name = rule.slice(2).toLowerCase()
  const category = ACL_CATEGORIES.find((known) => known === name)
  if (category === undefined) throw unknownName()
  commands.setCategory(category, rule[0] === '+')
}

/** A command, a subcommand, or a command with a first argument it is allowed with. */
function allowCommand({ commands }: Selector, name: Bytes, { table, warn }: RuleContext): void {
  const whole = table.lookUpDeclared(name)
  if (whole !== undefined) {
    commands.set(whole, true)
    return
  }
  const bar = name.lastIndexOf('|')
  const entry = bar < 0 ? undefined : table.lookUpDeclared(name.slice(0, bar))
  if (entry === undefined) throw unknownName()
  const argument = name.slice(bar + 1)
  if (entry.command.name.includes(' ')) {
    throw new RuleError('Allowing first-arg of a subcommand is not supported')
  }
  if (argument === '') throw syntaxError()
  if (entry.subcommands !== undefined) throw unknownName()
  warn(
    `Deprecation warning: Allowing a first arg of an otherwise blocked command is a misuse of ACL and may get disabled in the future (offender: +${name})`,
  )
  commands.allowFirstArgument(entry.command, argument)
}

function denyCommand({ commands }: Selector, name: Bytes): void {
  const entry = commands.table.lookUpDeclared(name)
  if (entry === undefined) throw unknownName()
  commands.set(entry, false)
}

/** A blank, or a byte that ends a C string. */
export function hasBlank(text: Bytes): boolean {
  return /[ \t\n\v\f\r\0]/.test(text)
}

/** A parenthesis that is not closed; `index` is where it stands. */
export interface Unmatched {
  readonly index: number
}

/** Puts the words of a selector together that blanks have parted (ACLMergeSelectorArguments). */
export function mergeSelectors(words: readonly Bytes[]): readonly Bytes[] | Unmatched {
  const merged: Bytes[] = []
  let open: { text: Bytes; readonly index: number } | undefined
  for (const [index, word] of words.entries()) {
    // One that opens another forgets what it was about to say.
    if (word.startsWith('(') && !word.endsWith(')')) open = { text: word, index }
    else if (open !== undefined) open.text += ` ${word}`
    else merged.push(word)
    if (open === undefined || !word.endsWith(')')) continue
    merged.push(open.text)
    open = undefined
  }
  return open === undefined ? merged : { index: open.index }
}
