/**
 * Scripts: EVAL and its kin, and SCRIPT, which looks after the scripts that are known (eval.c). What runs them is behind a
 * port; these handlers read the arguments.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { errors, ReplyError, wrongArity } from '../resp/reply-error.ts'
import { type Argument, integer, type KeyFlag, oneOf, string, token } from './argument.ts'
import { type CommandDeclaration, command, type DeclaredFlag } from './command.ts'
import { writeHelp } from './help.ts'
import { variantFor } from './script-variant.ts'

/** Hexadecimal digits of a script's name. */
const DIGEST_LENGTH = 40

export const noScript = new ReplyError('NOSCRIPT No matching script. Please use EVAL.')

/** The arguments behind the name of what is run. */
export function callArguments(keyFlags: readonly KeyFlag[]): readonly Argument[] {
  return [
    integer('numkeys'),
    { name: 'key', type: 'key', keyFlags, counted: true, multiple: true, optional: true },
    string('arg', { optional: true, multiple: true }),
  ]
}

/** Flags of what runs scripts. */
export function callFlags(isReadonly: boolean): readonly DeclaredFlag[] {
  const flags = ['noscript', 'stale', 'skip_monitor', 'no_mandatory_keys'] as const
  return isReadonly ? ['readonly', ...flags] : [...flags, 'may_replicate']
}

/** Keys and arguments of a call, whose count of keys is the word at index 2. Throws ReplyError. */
export function readCall(argv: readonly Bytes[]): {
  keys: readonly Bytes[]
  args: readonly Bytes[]
} {
  const count = parseInteger(argv[2] as Bytes)
  if (count === undefined) throw errors.notInteger
  if (count > argv.length - 3) {
    throw new ReplyError("ERR Number of keys can't be greater than number of args")
  }
  if (count < 0) throw new ReplyError("ERR Number of keys can't be negative")
  const end = 3 + Number(count)
  return { keys: argv.slice(3, end), args: argv.slice(end) }
}

function evaluation(
  name: string,
  facts: Pick<CommandDeclaration, 'since' | 'summary'> & { readonly isReadonly: boolean },
) {
  const { isReadonly } = facts
  const byDigest = name.startsWith('EVALSHA')
  const keyFlags: readonly KeyFlag[] = isReadonly ? ['RO', 'access'] : ['RW', 'access', 'update']
  const assumed = isReadonly ? 'RO and ACCESS' : 'RW and UPDATE'
  const notes = `We cannot tell how the keys will be used so we assume the worst, ${assumed}`
  return command({
    name,
    since: facts.since,
    group: 'scripting',
    summary: facts.summary,
    complexity: 'Depends on the script that is executed.',
    flags: callFlags(isReadonly),
    categories: ['scripting'],
    spansKeyspace: true,
    args: [string(byDigest ? 'sha1' : 'script'), ...callArguments(keyFlags)],
    keySpecs: [
      {
        ...(byDigest ? { flags: keyFlags } : { notes, flags: keyFlags }),
        begin: { type: 'index', index: 2 },
        find: { type: 'keynum', keynumIndex: 0, firstKey: 1, keyStep: 1 },
      },
    ],
    variant: ({ scripting }, original, argv) => {
      const promise = scripting.promiseOf(argv[1] as Bytes, byDigest)
      return promise === undefined ? original : variantFor(original, promise)
    },
    run({ scripting }, argv) {
      const script = argv[1] as Bytes
      if (byDigest && script.length !== DIGEST_LENGTH) throw noScript
      if (scripting.isDebugged) {
        scripting.debug({ argv, byDigest, isReadonly })
        return
      }
      scripting.evaluate({ script, byDigest, isReadonly, argv, ...readCall(argv) })
    },
  })
}

export const evaluate = evaluation('EVAL', {
  since: '2.6.0',
  summary: 'Runs a Lua script.',
  isReadonly: false,
})

export const evaluateKnown = evaluation('EVALSHA', {
  since: '2.6.0',
  summary: 'Runs a Lua script that is known, by its digest.',
  isReadonly: false,
})

export const evaluateReadonly = evaluation('EVAL_RO', {
  since: '7.0.0',
  summary: 'Runs a Lua script that may not write.',
  isReadonly: true,
})

export const evaluateKnownReadonly = evaluation('EVALSHA_RO', {
  since: '7.0.0',
  summary: 'Runs a Lua script that is known, by its digest, and may not write.',
  isReadonly: true,
})

function subcommand(
  name: string,
  facts: Partial<CommandDeclaration> &
    Pick<CommandDeclaration, 'summary' | 'since' | 'complexity' | 'flags' | 'run'>,
) {
  return command({
    name: `SCRIPT ${name}`,
    group: 'scripting',
    categories: ['scripting'],
    ...facts,
  })
}

const ON_ALL_NODES = ['request_policy:all_nodes', 'response_policy:all_succeeded']

export const script = command({
  name: 'SCRIPT',
  since: '2.6.0',
  group: 'scripting',
  summary: 'Everything about the Lua scripts that are known.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'DEBUG (YES|SYNC|NO)',
    '    Debug the scripts that follow, or do not.',
    'EXISTS <sha1> [<sha1> ...]',
    '    Whether scripts are known, by their digests.',
    'FLUSH [ASYNC|SYNC]',
    '    Forget all scripts.',
    'KILL',
    '    End the script that runs.',
    'LOAD <script>',
    '    Get to know a script without running it.',
  ],
  run: () => {
    throw wrongArity('script')
  },
})

export const help = subcommand('HELP', {
  since: '5.0.0',
  summary: 'Lists the subcommands of SCRIPT.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'SCRIPT'),
})

export const exists = subcommand('EXISTS', {
  since: '2.6.0',
  summary: 'Tells which scripts are known.',
  complexity:
    'O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).',
  flags: ['noscript'],
  tips: ['request_policy:all_shards', 'response_policy:agg_logical_and'],
  args: [string('sha1', { multiple: true })],
  run({ reply, scripting }, argv) {
    const digests = argv.slice(2)
    reply.array(digests.length)
    for (const digest of digests) reply.integer(scripting.knows(digest) ? 1 : 0)
  },
})

export const load = subcommand('LOAD', {
  since: '2.6.0',
  summary: 'Gets to know a Lua script; returns its digest.',
  complexity: 'O(N) with N being the length in bytes of the script body.',
  flags: ['noscript', 'stale'],
  tips: ON_ALL_NODES,
  args: [string('script')],
  run({ reply, scripting }, argv) {
    reply.bulk(scripting.load(argv[2] as Bytes))
  },
})

export const flush = subcommand('FLUSH', {
  since: '2.6.0',
  summary: 'Forgets all scripts.',
  complexity: 'O(N) with N being the number of scripts in cache',
  flags: ['noscript'],
  tips: ON_ALL_NODES,
  history: [['6.2.0', 'Added the `ASYNC` and `SYNC` flushing mode modifiers.']],
  args: [
    oneOf('async', [token('async', 'ASYNC'), token('sync', 'SYNC')], {
      optional: true,
      since: '6.2.0',
    }),
  ],
  run({ reply, scripting }, argv) {
    const isKnown = argv.length === 2 || (argv.length === 3 && /^a?sync$/i.test(argv[2] as Bytes))
    if (!isKnown) throw new ReplyError('ERR SCRIPT FLUSH only support SYNC|ASYNC option')
    scripting.flush()
    reply.ok()
  },
})

export const kill = subcommand('KILL', {
  since: '2.6.0',
  summary: 'Ends the script that runs, unless it has written.',
  complexity: 'O(1)',
  flags: ['noscript', 'allow_busy'],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  run({ reply, scripting }) {
    scripting.kill('script')
    reply.ok()
  },
})

/** What SCRIPT DEBUG is followed by. */
const DEBUG_MODES: ReadonlyMap<string, 'fork' | 'sync' | 'no'> = new Map([
  ['yes', 'fork'],
  ['sync', 'sync'],
  ['no', 'no'],
])

export const debug = subcommand('DEBUG', {
  since: '3.2.0',
  summary: 'Says whether scripts are to be debugged.',
  complexity: 'O(1)',
  flags: ['noscript'],
  args: [oneOf('mode', [token('yes', 'YES'), token('sync', 'SYNC'), token('no', 'NO')])],
  run({ reply, scripting }, argv) {
    scripting.chooseDebugging(DEBUG_MODES.get((argv[2] as Bytes).toLowerCase()))
    reply.ok()
  },
})
