/** A process that has imported the package and nothing else. */
import * as product from '../../../lib/index.ts'
import { ready } from './answer.ts'

ready(Object.keys(product), { rss: () => process.memoryUsage.rss() })
