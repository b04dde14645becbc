/**
 * FUNCTION: libraries of functions, loaded, listed, and moved between servers (functions.c). What changes them goes to the
 * replicas as it was sent. FCALL and FCALL_RO, which call functions, are in `function-call.ts`.
 */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import { oneOf, string, token } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { RestorePolicy } from './function-port.ts'
import { writeHelp } from './help.ts'

const SINCE = '7.0.0'
const ON_ALL_SHARDS = ['request_policy:all_shards', 'response_policy:all_succeeded']

function subcommand(name: string, facts: Omit<CommandDeclaration, 'name' | 'group' | 'since'>) {
  return command({
    name: `FUNCTION ${name}`,
    group: 'scripting',
    since: SINCE,
    categories: ['scripting'],
    ...facts,
  })
}

export const functions = command({
  name: 'FUNCTION',
  since: SINCE,
  group: 'scripting',
  summary: 'Everything about libraries of functions.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'LOAD [REPLACE] <code>',
    '    Loads a library, over the one of its name for REPLACE. Replies its name.',
    'DELETE <library>',
    '    Deletes a library.',
    'LIST [LIBRARYNAME <pattern>] [WITHCODE]',
    '    The libraries, all or by a pattern: name, engine, functions, and the code',
    '    when asked for.',
    'STATS',
    '    The function that runs, if one does: name, command, milliseconds so far.',
    '    Then the engines, and how many libraries and functions each has.',
    'KILL',
    '    Ends the function that runs.',
    'FLUSH [ASYNC|SYNC]',
    '    Deletes all libraries.',
    'DUMP',
    '    All libraries as one payload, for FUNCTION RESTORE.',
    'RESTORE <payload> [FLUSH|APPEND|REPLACE]',
    '    Adds the libraries of a payload. FLUSH deletes those there are, REPLACE',
    '    those of the same names; APPEND, the default, fails for these.',
  ],
  run: () => {
    throw wrongArity('function')
  },
})

export const help = subcommand('HELP', {
  summary: 'Lists the subcommands of FUNCTION.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'FUNCTION'),
})

export const load = subcommand('LOAD', {
  summary: 'Loads a library of functions.',
  complexity: 'O(1) (considering compilation time is redundant)',
  flags: ['write', 'denyoom', 'noscript'],
  tips: ON_ALL_SHARDS,
  args: [token('replace', 'REPLACE', { optional: true }), string('function-code')],
  run({ db, functions, reply }, argv) {
    const options = argv.slice(2, -1)
    const unknown = options.find((word) => word.toLowerCase() !== 'replace')
    if (unknown !== undefined) throw new ReplyError(`ERR Unknown option given: ${unknown}`)
    const name = functions.load(argv.at(-1) as Bytes, { replace: options.length > 0 })
    db.changes.dirty++
    reply.bulk(name)
  },
})

export const deleteLibrary = subcommand('DELETE', {
  summary: 'Deletes a library and its functions.',
  complexity: 'O(1)',
  flags: ['write', 'noscript'],
  tips: ON_ALL_SHARDS,
  args: [string('library-name')],
  run({ db, functions, reply }, argv) {
    if (!functions.delete(argv[2] as Bytes)) throw new ReplyError('ERR Library not found')
    db.changes.dirty++
    reply.ok()
  },
})

export const flush = subcommand('FLUSH', {
  summary: 'Deletes all libraries.',
  complexity: 'O(N) where N is the number of functions deleted',
  flags: ['write', 'noscript'],
  tips: ON_ALL_SHARDS,
  args: [oneOf('async', [token('async', 'ASYNC'), token('sync', 'SYNC')], { optional: true })],
  run({ db, functions, reply }, argv) {
    if (argv.length > 3) throw subcommandSyntax('FUNCTION', argv[1] as Bytes)
    if (argv.length === 3 && !/^a?sync$/i.test(argv[2] as Bytes)) {
      throw new ReplyError('ERR FUNCTION FLUSH only supports SYNC|ASYNC option')
    }
    functions.flush()
    db.changes.dirty++
    reply.ok()
  },
})

export const list = subcommand('LIST', {
  summary: 'Returns the libraries and their functions.',
  complexity: 'O(N) where N is the number of functions',
  flags: ['noscript'],
  tips: ['nondeterministic_output_order'],
  args: [
    string('library-name-pattern', { token: 'LIBRARYNAME', optional: true }),
    token('withcode', 'WITHCODE', { optional: true }),
  ],
  run({ functions, reply }, argv) {
    const { pattern, withCode } = listOptions(argv)
    const libraries = functions.list(pattern)
    reply.array(libraries.length)
    for (const library of libraries) {
      reply.map(withCode ? 4 : 3)
      reply.bulk('library_name')
      reply.bulk(library.name)
      reply.bulk('engine')
      reply.bulk('LUA')
      reply.bulk('functions')
      reply.array(library.functions.length)
      for (const one of library.functions) {
        reply.map(3)
        reply.bulk('name')
        reply.bulk(one.name)
        reply.bulk('description')
        reply.bulkOrNull(one.description)
        reply.bulk('flags')
        reply.set(one.flags.length)
        for (const flag of one.flags) reply.simple(flag)
      }
      if (!withCode) continue
      reply.bulk('library_code')
      reply.bulk(library.source)
    }
  },
})

function listOptions(argv: readonly Bytes[]): { pattern: Bytes | undefined; withCode: boolean } {
  let pattern: Bytes | undefined
  let withCode = false
  for (let i = 2; i < argv.length; i++) {
    const word = argv[i] as Bytes
    if (!withCode && word.toLowerCase() === 'withcode') withCode = true
    else if (pattern === undefined && word.toLowerCase() === 'libraryname') {
      pattern = argv[++i]
      if (pattern === undefined) throw new ReplyError('ERR library name argument was not given')
    } else throw new ReplyError(`ERR Unknown argument ${word}`)
  }
  return { pattern, withCode }
}

export const stats = subcommand('STATS', {
  summary: 'Returns which function runs, and how many there are.',
  complexity: 'O(1)',
  flags: ['noscript', 'allow_busy'],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  run({ functions, reply }) {
    const { running } = functions
    reply.map(2)
    reply.bulk('running_script')
    if (running === undefined) reply.null()
    else {
      reply.map(3)
      reply.bulk('name')
      reply.bulk(running.name)
      reply.bulk('command')
      reply.array(running.argv.length)
      reply.bulks(running.argv)
      reply.bulk('duration_ms')
      reply.integer(running.milliseconds)
    }
    reply.bulk('engines')
    reply.map(1)
    reply.bulk('LUA')
    reply.map(2)
    reply.bulk('libraries_count')
    reply.integer(functions.libraryCount)
    reply.bulk('functions_count')
    reply.integer(functions.functionCount)
  },
})

export const kill = subcommand('KILL', {
  summary: 'Ends the function that runs.',
  complexity: 'O(1)',
  flags: ['noscript', 'allow_busy'],
  tips: ['request_policy:all_shards', 'response_policy:one_succeeded'],
  run({ reply, scripting }) {
    scripting.kill('function')
    reply.ok()
  },
})

export const dump = subcommand('DUMP', {
  summary: 'Returns all libraries as one payload.',
  complexity: 'O(N) where N is the number of functions',
  flags: ['noscript'],
  run: ({ functions, reply }) => reply.bulk(functions.dump()),
})

const POLICIES: readonly RestorePolicy[] = ['flush', 'append', 'replace']

export const restore = subcommand('RESTORE', {
  summary: 'Adds the libraries of a payload.',
  complexity: 'O(N) where N is the number of functions on the payload',
  flags: ['write', 'denyoom', 'noscript'],
  tips: ON_ALL_SHARDS,
  args: [
    string('serialized-value'),
    oneOf(
      'policy',
      [token('flush', 'FLUSH'), token('append', 'APPEND'), token('replace', 'REPLACE')],
      { optional: true },
    ),
  ],
  run({ db, functions, reply }, argv) {
    const [, name, payload, word = 'append'] = argv
    if (argv.length > 4) throw subcommandSyntax('FUNCTION', name as Bytes)
    const policy = POLICIES.find((one) => one === word.toLowerCase())
    if (policy === undefined) {
      throw new ReplyError(
        'ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.',
      )
    }
    functions.restore(payload as Bytes, policy)
    db.changes.dirty++
    reply.ok()
  },
})
