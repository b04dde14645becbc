/** A thread that loads the code of a node and runs it as far as it runs by itself, then does as `listening-thread.ts`. */
import { createRequire } from 'node:module'

createRequire(import.meta.url)('../../../workers/node.cjs')
await import('./listening-thread.ts')
