/**
 * The thread's entry: piscina runs this function for each node the thread hosts, one after the other. It resolves when
 * the node listens; the node lives on in the thread's event loop until the host says stop.
 */
import { setTimeout } from 'node:timers'
import { compileBundle } from './bundle.ts'

/** By then the nodes have come together, and V8 has compiled what that takes; milliseconds. */
const KEEP_AFTER_MS = 1000

const bundle = compileBundle()
if (!bundle.wasKept) setTimeout(() => bundle.keep(), KEEP_AFTER_MS).unref()

// The build makes this CommonJS, whose `require` is there already: making one takes a millisecond.
export default bundle.run(require).boot
