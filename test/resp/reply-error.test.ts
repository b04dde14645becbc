/** Error replies: values that cost little, and their wording. */
import { Buffer, constants } from 'node:buffer'
import t from 'tap'
import {
  ask,
  errors,
  invalidExpireTime,
  moved,
  ReplyError,
  replyErrorOf,
  subcommandSyntax,
  unknownSubcommand,
  wrongArity,
} from '../../lib/resp/reply-error.ts'

t.test('an error is its line and nothing more', async (t) => {
  const limit = Error.stackTraceLimit
  const error = new ReplyError('ERR some text')
  t.ok(error instanceof Error)
  t.equal(error.name, 'ReplyError')
  t.equal(error.message, 'ERR some text')
  t.notMatch(error.stack, /\n\s+at /, 'no stack was taken')
  t.equal(Error.stackTraceLimit, limit)
  t.match(new Error('another').stack, /\n\s+at /)
})

t.test('every shared error has a code and one line', async (t) => {
  for (const [name, { message }] of Object.entries(errors)) {
    t.match(message, /^[A-Z]+ [^\r\n]+$/, name)
  }
  t.equal(
    new Set(Object.values(errors).map(({ message }) => message)).size,
    Object.keys(errors).length,
  )
})

t.test('errors with something of the request in them', async (t) => {
  for (const [error, message] of [
    [wrongArity('cluster|meet'), "ERR wrong number of arguments for 'cluster|meet' command"],
    [moved(12182, '127.0.0.1', 7002), 'MOVED 12182 127.0.0.1:7002'],
    [moved(0, '', 7002), 'MOVED 0 :7002'],
    [moved(1, '?', 7002), 'MOVED 1 ?:7002'],
    [moved(1, '::1', 7002), 'MOVED 1 ::1:7002'],
    [ask(16383, 'host', 1), 'ASK 16383 host:1'],
    [unknownSubcommand('config', 'FoO'), "ERR unknown subcommand 'FoO'. Try CONFIG HELP."],
    [
      subcommandSyntax('CLUSTER', 'setslot'),
      "ERR unknown subcommand or wrong number of arguments for 'setslot'. Try CLUSTER HELP.",
    ],
    [invalidExpireTime('set'), "ERR invalid expire time in 'set' command"],
  ] as const) {
    t.ok(error instanceof ReplyError)
    t.equal(error.message, message)
  }
})

t.test('of a long word only so much is shown', async (t) => {
  const long = 'x'.repeat(500)
  t.equal(
    unknownSubcommand('CONFIG', long).message,
    `ERR unknown subcommand '${'x'.repeat(128)}'. Try CONFIG HELP.`,
  )
  t.match(subcommandSyntax('CONFIG', long).message, new RegExp(`'${'x'.repeat(128)}'`))
})

t.test(
  'a string that cannot be made is too long for a client, and nothing else is taken for an error of its own',
  async (t) => {
    const bytes = Buffer.alloc(constants.MAX_STRING_LENGTH + 1)
    const thrown = (): unknown => {
      try {
        return bytes.toString('latin1')
      } catch (error) {
        return error
      }
    }
    t.equal(replyErrorOf(thrown()), errors.stringTooLong)
    t.equal(replyErrorOf(errors.syntax), errors.syntax)
    t.throws(() => replyErrorOf(new TypeError('ours')), TypeError)
  },
)
