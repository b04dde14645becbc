/**
 * A process of three threads that look like the masters of a cluster to its clients and answer at once, and three that read
 * along as their replicas do; it says where the masters listen.
 */
import { ready } from './answer.ts'
import type { Roles } from './answering-thread.ts'
import { startThreads, tellAll } from './threads.ts'

const MASTERS = 3

const masters = await startThreads('./answering-thread.js', MASTERS)
const replicas = await startThreads('./following-thread.js', MASTERS)
const ports = masters.greetings as readonly number[]
const followers = replicas.greetings as readonly number[]
await tellAll(
  masters,
  followers.map((follower): Roles => ({ ports, follower })),
)
ready(ports.map((port) => ({ host: '127.0.0.1', port, busPort: 0 })))
