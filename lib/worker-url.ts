/**
 * Where the bundled worker is. This file sits directly in lib/ so that the relative path holds from the ES modules and
 * from the CommonJS bundles alike: both are files of dist/lib.
 */

/** The one module that the thread of a node loads. */
export const workerUrl = new URL('../workers/node.cjs', import.meta.url)
