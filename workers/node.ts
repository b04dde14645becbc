/**
 * The thread's entry: piscina runs this function for each node the thread hosts, one after the other. It resolves when
 * the node listens; the node lives on in the thread's event loop until the host says stop.
 */
import { compileBundle } from './bundle.ts'

export default compileBundle().run().boot
