/**
 * The thread's entry: piscina runs this function for each node the thread hosts, one after the other. It resolves when
 * the node listens; the node lives on in the thread's event loop until the host says stop.
 */
import { compileBundle } from './bundle.ts'

// The build makes this CommonJS, whose `require` is there already: making one takes a millisecond.
export default compileBundle().run(require).boot
