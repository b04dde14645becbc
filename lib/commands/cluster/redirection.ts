/** The words clients say about redirections: ASKING, READONLY, READWRITE. */
import { command } from '../command.ts'
import { clusterOf } from './declaration.ts'

export const asking = command({
  name: 'ASKING',
  since: '3.0.0',
  group: 'cluster',
  summary: 'Lets the next command run in a slot that is being imported.',
  complexity: 'O(1)',
  flags: ['fast'],
  categories: ['connection'],
  run: (context) => {
    clusterOf(context)
    context.client.asking = true
    context.reply.ok()
  },
})

export const readonly = command({
  name: 'READONLY',
  since: '3.0.0',
  group: 'cluster',
  summary: 'Lets this connection read from a replica.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  run: (context) => {
    clusterOf(context)
    context.client.readonlyMode = true
    context.reply.ok()
  },
})

export const readwrite = command({
  name: 'READWRITE',
  since: '3.0.0',
  group: 'cluster',
  summary: 'Makes a replica redirect the reads of this connection again.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  run: (context) => {
    clusterOf(context)
    context.client.readonlyMode = false
    context.reply.ok()
  },
})
