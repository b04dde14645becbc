/** What INFO tells of the machine, the process and the thread that a node runs in. */
import { machine, release, totalmem, type } from 'node:os'
import type { HostFacts, ResourceUsage } from '../node/io.ts'

/** The machine's memory, asked once: each asking reads a file. */
let systemBytes: number | undefined

/** What does not change while the node lives; `configFile` is the absolute path of its redis.conf, or empty. */
export function hostFacts(configFile: string): HostFacts {
  return {
    system: `${type()} ${release()} ${machine()}`,
    processId: process.pid,
    executable: process.execPath,
    allocator: `v8-${process.versions.v8}`,
    configFile,
  }
}

/** What is in use by now. */
export function resourceUsage(): ResourceUsage {
  // Of this thread; node:v8 would tell as well, and costs each thread a millisecond to load.
  const memory = process.memoryUsage()
  const cpu = process.cpuUsage()
  systemBytes ??= totalmem()
  return {
    heapUsedBytes: memory.heapUsed + memory.external,
    heapTotalBytes: memory.heapTotal,
    residentBytes: memory.rss,
    totalSystemBytes: systemBytes,
    userMicroseconds: cpu.user,
    systemMicroseconds: cpu.system,
  }
}
