/** DEBUG for authors of clients: a reply of each type that the protocol has, and errors as they wish. */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import type { Run, Subcommands } from './debug-subcommand.ts'

/** Written by the type's name, in the order an unknown name is told. */
const samples: Readonly<Record<string, (reply: ReplySink) => void>> = {
  string: (reply) => reply.bulk('Hello World'),
  integer: (reply) => reply.integer(12345),
  double: (reply) => reply.doubleText('3.141'),
  bignum: (reply) => reply.bigNumber('1234567999999999999999999999999999999'),
  null: (reply) => reply.null(),
  array(reply) {
    reply.array(3)
    for (let i = 0; i < 3; i++) reply.integer(i)
  },
  set(reply) {
    reply.set(3)
    for (let i = 0; i < 3; i++) reply.integer(i)
  },
  map(reply) {
    reply.map(3)
    for (let i = 0; i < 3; i++) {
      reply.integer(i)
      reply.boolean(i === 1)
    }
  },
  attrib(reply) {
    if (reply.protocol === 3) {
      reply.attribute(1)
      reply.bulk('key-popularity')
      reply.array(2)
      reply.bulk('key:123')
      reply.integer(90)
    }
    reply.bulk('Some real reply following the attribute')
  },
  push(reply) {
    if (reply.protocol === 2) throw new ReplyError('ERR RESP2 is not supported by this command')
    reply.push(2)
    reply.bulk('server-cpu-usage')
    reply.integer(42)
    reply.bulk('Some real reply following the push reply')
  },
  verbatim: (reply) => reply.verbatim('txt', 'This is a verbatim\nstring'),
  true: (reply) => reply.boolean(true),
  false: (reply) => reply.boolean(false),
}

const writeSample: Run = ({ reply }, [, , type]) => {
  const write = samples[(type as Bytes).toLowerCase()]
  if (write === undefined) {
    const names = Object.keys(samples).join('|')
    throw new ReplyError(`ERR Wrong protocol type name. Please use one of the following: ${names}`)
  }
  write(reply)
}

const writeError: Run = ({ reply }, [, , text]) => reply.error(text as Bytes)

/** The subcommands of this file. */
export const protocolDebugging: Subcommands = {
  ERROR: (argv) => (argv.length === 3 ? writeError : undefined),
  PROTOCOL: (argv) => (argv.length === 3 ? writeSample : undefined),
}
