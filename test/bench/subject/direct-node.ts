/**
 * A node that owns all slots, in the main thread of a process without the host: what the thread costs is what
 * `threaded-node.ts` costs more. It can profile itself, and tell its heap, which a thread of the host's cannot.
 */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MessageChannel } from 'node:worker_threads'
import { fillCrc16Table } from '../../../lib/base/crc16.ts'
import { SharedMemory } from '../../../lib/base/shared-layout.ts'
import { DEFAULT_RELEASE } from '../../../lib/base/version.ts'
import type { HostMessage, NodeMessage } from '../../../lib/control/message.ts'
import { packForNode, unpackFromNode } from '../../../lib/control/pack.ts'
import { nodesConf, planCluster } from '../../../lib/host/topology.ts'
import { NodeRuntime } from '../../../lib/runtime/node-runtime.ts'
import { selfTimes } from '../self-time.ts'
import { cpuMicroseconds, ready } from './answer.ts'

const HOST = '127.0.0.1'
const SAMPLING_MICROSECONDS = 100

const plan = planCluster({ masters: 1, replicas: 0, seed: 'bench' })
const shared = new SharedMemory(1)
fillCrc16Table(shared.crcTable)
const { port1: control, port2 } = new MessageChannel()
const inspector = new Session()

control.on('message', (frame: Uint8Array) => {
  for (const message of unpackFromNode(frame)) hear(message)
})

function hear(message: NodeMessage): void {
  if (message.type === 'failed') throw new Error(message.text)
  if (message.type === 'listening') {
    const { port, busPort } = message
    const clusterConfig = nodesConf(plan, [{ host: HOST, port, busPort }], 0)
    tell({ type: 'form', clusterConfig, isPlanned: true })
    ready(port, {
      cpu: cpuMicroseconds,
      heap: heapBytes,
      'profile-start': startProfile,
      'profile-stop': stopProfile,
    })
  }
}

shared.setId(0, plan[0]?.id ?? '')
await NodeRuntime.start({
  index: 0,
  id: plan[0]?.id ?? '',
  shared: shared.buffer,
  capacity: shared.capacity,
  seed: 1,
  lives: 0,
  host: HOST,
  announcedHost: HOST,
  port: 0,
  bus: 'channel',
  failureDetection: 'instant',
  version: DEFAULT_RELEASE,
  directives: [],
  directory: undefined,
  log: 'nothing',
  control: port2,
  peers: [],
})

function tell(message: HostMessage): void {
  const frame = packForNode(message)
  control.postMessage(frame, [frame.buffer])
}

/** Memory in use, garbage collected. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function startProfile(): Promise<void> {
  inspector.connect()
  await inspector.post('Profiler.enable')
  await inspector.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS })
  await inspector.post('Profiler.start')
}

/** Writes the profile to a file and answers with the functions that took the time. */
async function stopProfile(path: string) {
  const { profile } = await inspector.post('Profiler.stop')
  inspector.disconnect()
  writeFileSync(path, JSON.stringify(profile))
  return selfTimes(profile)
}
