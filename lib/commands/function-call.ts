/**
 * FCALL and FCALL_RO: functions of loaded libraries, called (fcallCommand in functions.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { parseInteger } from '../base/numbers.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type KeyFlag, string } from './argument.ts'
import { command } from './command.ts'
import { variantFor } from './script-variant.ts'
import { callArguments, callFlags, readCall } from './scripting.ts'

function functionCall(
  name: string,
  { summary, notes, isReadonly }: { summary: string; notes: string; isReadonly: boolean },
) {
  const keyFlags: readonly KeyFlag[] = isReadonly ? ['RO', 'access'] : ['RW', 'access', 'update']
  return command({
    name,
    since: '7.0.0',
    group: 'scripting',
    summary,
    complexity: 'Depends on the function that is executed.',
    flags: callFlags(isReadonly),
    categories: ['scripting'],
    spansKeyspace: true,
    args: [string('function'), ...callArguments(keyFlags)],
    keySpecs: [
      {
        flags: keyFlags,
        notes,
        begin: { type: 'index', index: 2 },
        find: { type: 'keynum', keynumIndex: 0, firstKey: 1, keyStep: 1 },
      },
    ],
    variant: ({ functions }, original, argv) => {
      const promise = functions.promiseOf(argv[1] as Bytes)
      return promise === undefined ? original : variantFor(original, promise)
    },
    run(context, argv) {
      const { functions } = context
      const called = argv[1] as Bytes
      if (functions.promiseOf(called) === undefined) throw new ReplyError('ERR Function not found')
      if (parseInteger(argv[2] as Bytes) === undefined) {
        throw new ReplyError('ERR Bad number of keys provided')
      }
      functions.call(context, { name: called, isReadonly, argv, ...readCall(argv) })
    },
  })
}

export const fcall = functionCall('FCALL', {
  summary: 'Calls a function.',
  notes: 'We cannot tell how the keys will be used so we assume the worst, RW and UPDATE',
  isReadonly: false,
})

export const fcallReadonly = functionCall('FCALL_RO', {
  summary: 'Calls a function that may not write.',
  notes: 'We cannot tell how the keys will be used so we assume the worst, RO and ACCESS',
  isReadonly: true,
})
