/**
 * Networks of their own for tests: two namespaces of the Linux kernel joined by a cable, as two hosts are. Needs root and
 * iproute2. Invariant: a namespace ends with the processes in it when the pair is closed, and the cable with it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** One end of the cable. */
export interface Host {
  readonly name: string
  readonly address: string
}

function ip(...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' })
  if (status === 0) return undefined
  return `ip ${args.join(' ')}: ${error?.message ?? stderr.trim()}`
}

/** For the `skip` option of a test: why there can be no namespaces here, else false. */
export function withoutNamespaces(): string | false {
  if (process.platform !== 'linux') return 'network namespaces are of Linux'
  const name = `rmc-${process.pid}-probe`
  const refusal = ip('netns', 'add', name)
  if (refusal !== undefined) return refusal
  ip('netns', 'delete', name)
  return false
}

/** Two hosts that reach each other and nobody else. */
export class HostPair {
  readonly first: Host = { name: `rmc-${process.pid}-a`, address: '10.77.0.1' }
  readonly second: Host = { name: `rmc-${process.pid}-b`, address: '10.77.0.2' }
  readonly #children: ChildProcess[] = []

  constructor() {
    const { first, second } = this
    for (const { name } of [first, second]) this.#ip('netns', 'add', name)
    this.#ip(
      ...['-n', first.name, 'link', 'add', 'cable', 'type', 'veth'],
      ...['peer', 'name', 'cable', 'netns', second.name],
    )
    for (const { name, address } of [first, second]) {
      this.#ip('-n', name, 'address', 'add', `${address}/24`, 'dev', 'cable')
      for (const device of ['lo', 'cable']) this.#ip('-n', name, 'link', 'set', device, 'up')
    }
  }

  #ip(...args: string[]): void {
    const refusal = ip(...args)
    if (refusal !== undefined) throw new Error(refusal)
  }

  /** Pulls the cable out, or puts it back. */
  plug(isIn: boolean): void {
    this.#ip('-n', this.first.name, 'link', 'set', 'cable', isIn ? 'up' : 'down')
  }

  /** Starts a program on a host. */
  spawn(host: Host, program: string, args: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', host.name, program, ...args])
    this.#children.push(child)
    return child
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    for (const { name } of [this.first, this.second]) ip('netns', 'delete', name)
  }
}
