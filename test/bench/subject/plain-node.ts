/** A process whose only thread beside the first is a server with a Map: the floor of a node in a thread of a host. */
import { cpuMicroseconds, ready } from './answer.ts'
import { startThreads } from './threads.ts'

const { greetings } = await startThreads('./plain-thread.js', 1)
ready(greetings[0], { cpu: cpuMicroseconds })
