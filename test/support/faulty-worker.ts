/**
 * A thread's entry that keeps to the control protocol and does nothing else: it listens, fills its record as a formed
 * node would, and stops. A directive `fault` makes it misbehave in one way, as a real node cannot be told to.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { threadId } from 'node:worker_threads'
import { SLOT_COUNT } from '../../lib/base/crc16.ts'
import { Field, SharedMemory } from '../../lib/base/shared-layout.ts'
import type { NodeBoot, NodeMessage } from '../../lib/control/message.ts'
import { packForHost, unpackFromHost } from '../../lib/control/pack.ts'

/** What a node can be told to do wrong. `value@2`: only the node of index 2 does. */
export type Fault =
  | 'throws-at-boot'
  | 'exits-at-boot'
  | 'hangs-at-boot'
  | 'never-agrees'
  | 'fails-when-formed'
  | 'ignores-stop'
  | 'crashes-on-command'
  | 'refuses-commands'
  | 'ignores-commands'
  | 'none'

/** Boots a node that serves nobody. */
export default async function boot(task: NodeBoot): Promise<void> {
  const { control, index, capacity } = task
  const [fault, victim] = (task.directives.find(([name]) => name === 'fault')?.[1] ?? '').split('@')
  const isFault = (name: Fault) =>
    fault === name && (victim === undefined || Number(victim) === index)
  if (isFault('throws-at-boot')) throw new Error('boot went wrong')
  if (isFault('exits-at-boot')) process.exit(3)
  if (isFault('hangs-at-boot')) await new Promise(() => {})

  const shared = new SharedMemory(capacity, task.shared)
  const post = (message: NodeMessage) => control.postMessage(packForHost([message]))
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  server.listen(task.port, task.host)
  try {
    await once(server, 'listening')
  } catch {
    post({ type: 'failed', code: 'ERR_PORT_TAKEN', text: `port ${task.port} is in use` })
    control.close()
    return
  }
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  const form = (clusterConfig: string) => {
    const lines = clusterConfig.split('\n').filter((line) => / (master|slave|myself)/.test(line))
    const ids = lines.map((line) => line.split(' ')[0] ?? '')
    const mine = lines.find((line) => line.includes('myself'))?.split(' ') ?? []
    const master = ids.indexOf(mine[3] ?? '')
    const view = shared.slotView(index)
    for (const [owner, line] of lines.entries()) {
      const [start, end] = (line.split(' ')[8] ?? '').split('-').map(Number)
      if (start !== undefined && end !== undefined) view.fill(owner + 1, start, end + 1)
    }
    const record: Partial<Record<keyof typeof Field, number>> = {
      role: master < 0 ? 1 : 2,
      master: master + 1,
      stateOk: 1,
      knownNodes: lines.length,
      linksOut: lines.length - 1,
      linksIn: lines.length - (isFault('never-agrees') ? 2 : 1),
      replicationUp: master < 0 ? 0 : 1,
      configEpoch: Number(mine[6]),
      currentEpoch: lines.length,
      slotsAssigned: SLOT_COUNT,
    }
    for (const [name, value] of Object.entries(record)) {
      shared.set(index, Field[name as keyof typeof Field], value)
    }
    shared.announce(index)
  }

  control.on('message', (frame: Uint8Array) => {
    if (!(frame instanceof Uint8Array)) return
    const message = unpackFromHost(frame)
    switch (message.type) {
      case 'form':
        if (isFault('fails-when-formed')) {
          post({ type: 'failed', code: 'ERR_NODE_CRASHED', text: 'an invariant is broken' })
          return
        }
        if (message.clusterConfig !== undefined) form(message.clusterConfig)
        post({ type: 'log', level: 'notice', timeMs: 0, text: `formed ${index}` })
        post({ type: 'formed' })
        break
      case 'commands': {
        if (isFault('ignores-commands')) break
        if (isFault('crashes-on-command')) throw new Error('it broke on a command')
        const reply = isFault('refuses-commands') ? '-ERR no\r\n' : '+OK\r\n'
        const replies = message.commands.map(() => reply)
        post({ type: 'result', request: message.request, replies })
        break
      }
      case 'hear':
        post({ type: 'heard', request: message.request })
        break
      case 'pause':
        shared.sleep(index)
        break
      case 'stop':
        if (isFault('ignores-stop')) return
        server.close(() => {
          post({ type: 'stopped' })
          control.close()
        })
        break
    }
  })
  post({ type: 'listening', port, busPort: port + 10_000, threadId })
}
