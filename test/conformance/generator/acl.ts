/**
 * Random rules of two users, and what comes of them. One has keys, channels and passwords and is told back; the other has
 * commands and is only tried: how its rules are told back depends on all commands that there are.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import { ACL_CATEGORIES } from '../../../lib/commands/command.ts'
import { generate as anyCommand } from './declared.ts'
import { anyCase, type Choice, choose, oneIn } from './vocabulary.ts'

const DIGESTS = [
  '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9',
]

/** Patterns over the keys of the other generators, and some that match nothing. */
function pattern(random: Random): Bytes {
  return random.pick([
    '{k}*',
    '{k}s*',
    '{k}[hl]?',
    '{k}?1',
    '*',
    '',
    'x',
    '{k}*[^12]',
    'a b',
    '[',
    '\\*',
  ])
}

function channel(random: Random): Bytes {
  return random.pick(['c*', 'c1', 'c?', '*', '', 'x y', 'other'])
}

function keyRule(random: Random): Bytes {
  const access = random.pick(['~', '~', '%R~', '%W~', '%rw~', '%RR~', '%~', '%', '%R'])
  return access + pattern(random)
}

const rules: Choice<Bytes> = [
  [4, keyRule],
  [2, (r) => `&${channel(r)}`],
  [2, (r) => anyCase(r, r.pick(['resetkeys', 'resetchannels', 'allkeys', 'allchannels']))],
  [1, (r) => r.pick(['on', 'off', 'OFF', 'nopass', 'resetpass'])],
  [1, (r) => anyCase(r, r.pick(['sanitize-payload', 'skip-sanitize-payload', 'reset']))],
  [2, (r) => r.pick(['>', '<']) + r.pick(['foo', 'bar', ''])],
  [1, (r) => r.pick(['#', '!']) + r.pick([...DIGESTS, 'abc', 'X'.repeat(64)])],
  [1, (r) => r.pick(['+get', '-get', '+GET', '+config|get', '+nosuch', '+get|', '+@nosuch'])],
  [1, (r) => r.pick(['clearselectors', 'nonsense', '', '(', ')', '()', '(~x', '+get)'])],
  [1, (r) => `(${keyRule(r)} +get &${channel(r)})`],
]

/** A command, a subcommand, either with a first argument, or none of these. */
function commandName(random: Random): Bytes {
  const [first = '', second = ''] = anyCommand(random)
  return random.pick([first, first, `${first}|${second}`, `${first}|x|y`, `${first}|`])
}

const commandRules: Choice<Bytes> = [
  [6, (r) => `${r.pick(['+', '+', '-'])}${commandName(r)}`],
  [3, (r) => `${r.pick(['+', '-'])}@${anyCase(r, r.pick(ACL_CATEGORIES))}`],
  [1, (r) => r.pick(['+@all', '-@all', 'allcommands', 'nocommands'])],
  [3, keyRule],
  [2, (r) => anyCase(r, r.pick(['resetkeys', 'allkeys', 'allchannels', 'resetchannels']))],
  [1, (r) => `&${channel(r)}`],
  [1, (r) => `(+@${r.pick(ACL_CATEGORIES)} ${keyRule(r)} &${channel(r)})`],
  [1, () => 'clearselectors'],
]

function several(random: Random, choice: Choice<Bytes>): Bytes[] {
  return Array.from({ length: 1 + random.below(3) }, () => choose(random, choice))
}

const commands: Choice<Bytes[]> = [
  [10, (r) => ['ACL', 'SETUSER', 'kim', ...several(r, rules)]],
  [8, () => ['ACL', 'GETUSER', 'kim']],
  [10, (r) => ['ACL', 'SETUSER', 'cod', ...several(r, commandRules)]],
  [30, (r) => ['ACL', 'DRYRUN', oneIn(r, 3) ? 'kim' : 'cod', ...anyCommand(r)]],
  [4, (r) => ['ACL', 'DRYRUN', 'cod', r.pick(['PUBLISH', 'SPUBLISH']), channel(r), 'x']],
  [
    4,
    (r) => ['ACL', 'DRYRUN', 'cod', r.pick(['SUBSCRIBE', 'PSUBSCRIBE', 'SSUBSCRIBE']), channel(r)],
  ],
  [1, (r) => ['ACL', 'DELUSER', r.pick(['kim', 'cod', 'nobody'])]],
  [1, () => ['ACL', 'USERS']],
]

/** One command about users. */
export function generate(random: Random): Bytes[] {
  return choose(random, commands)
}
