/** DEBUG on what is saved, on what replicas are told, and on the server's end. */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { PropagationPort } from './context.ts'
import type { Run, Subcommands } from './debug-subcommand.ts'

/** The data may be other data afterwards, but nobody has written it. */
function asNoWrite(propagation: PropagationPort, action: () => void): void {
  try {
    action()
  } finally {
    propagation.prevent()
  }
}

const RELOAD_OPTIONS = new Set(['MERGE', 'NOFLUSH', 'NOSAVE'])

const reload: Run = ({ persistence, propagation, reply }, argv) => {
  const options = new Set(argv.slice(2).map((word) => word.toUpperCase()))
  if ([...options].some((option) => !RELOAD_OPTIONS.has(option))) {
    throw new ReplyError('ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.')
  }
  asNoWrite(propagation, () =>
    persistence.reload({
      save: !options.has('NOSAVE'),
      flush: !options.has('NOFLUSH'),
      merge: options.has('MERGE'),
    }),
  )
  reply.ok()
}

const loadAppendOnlyFile: Run = ({ appendOnly, propagation, reply }) => {
  asNoWrite(propagation, () => appendOnly.reload())
  reply.ok()
}

const holdUpAppendOnlyFile: Run = ({ appendOnly, reply }, [, , microseconds]) => {
  appendOnly.holdUp((Number.parseInt(microseconds as Bytes, 10) || 0) / 1000)
  reply.ok()
}

const setSkipChecksums: Run = ({ reply, server }, [, , word]) => {
  server.activity.verifiesChecksums = !(Number.parseInt(word as Bytes, 10) > 0)
  reply.ok()
}

const log: Run = ({ debugging, reply }, [, , text]) => {
  debugging.log(`DEBUG LOG: ${text}`)
  reply.ok()
}

const changeReplicationId: Run = ({ replication, reply }) => {
  replication.changeId()
  reply.ok()
}

/** What replicas cannot make sense of, too: it is how a test has their data diverge. */
const replicate: Run = ({ propagation, reply }, argv) => {
  propagation.also(argv.slice(2), 'replicas')
  reply.ok()
}

/** They do not take part in anything: CLIENT LIST tells of them, and clients are evicted for them. */
const setReplyBuffer: Run = ({ reply, server }, [, , option, word]) => {
  const { replyBuffers } = server.activity
  const number = Number.parseInt(word as Bytes, 10) || 0
  if (/^resizing$/i.test(option as Bytes)) replyBuffers.resizes = number !== 0
  else if (/^never$/i.test(word as Bytes)) replyBuffers.peakResetMs = undefined
  else replyBuffers.peakResetMs = /^reset$/i.test(word as Bytes) ? REPLY_PEAK_RESET_MS : number
  reply.ok()
}

/** How long the largest reply of a client is remembered unless told otherwise. */
export const REPLY_PEAK_RESET_MS = 5000

function isReplyBufferOption(argv: readonly Bytes[]): boolean {
  return argv.length === 4 && /^(peak-reset-time|resizing)$/i.test(argv[2] as Bytes)
}

const crash: Run = (_, argv) => {
  throw new Error(`ended by DEBUG ${argv[1]?.toUpperCase()}`)
}

const rewriteWholeConfig: Run = ({ config, reply }) => {
  config.rewrite({ all: true })
  reply.ok()
}

/** The subcommands of this file. */
export const persistenceDebugging: Subcommands = {
  'AOF-FLUSH-SLEEP': (argv) => (argv.length === 3 ? holdUpAppendOnlyFile : undefined),
  ASSERT: () => crash,
  'CHANGE-REPL-ID': (argv) => (argv.length === 2 ? changeReplicationId : undefined),
  'CONFIG-REWRITE-FORCE-ALL': (argv) => (argv.length === 2 ? rewriteWholeConfig : undefined),
  LOADAOF: () => loadAppendOnlyFile,
  LOG: (argv) => (argv.length === 3 ? log : undefined),
  PANIC: () => crash,
  RELOAD: () => reload,
  REPLICATE: (argv) => (argv.length >= 3 ? replicate : undefined),
  REPLYBUFFER: (argv) => (isReplyBufferOption(argv) ? setReplyBuffer : undefined),
  SEGFAULT: () => crash,
  'SET-SKIP-CHECKSUM-VALIDATION': (argv) => (argv.length === 3 ? setSkipChecksums : undefined),
}
