/**
 * From a node that is put together to one that serves: it loads what is on disk, then meets the others (loadDataFromDisk and what
 * main does around it). Invariant: who it is, is said and kept before it loads, and it follows nobody before it has its data.
 */
import { UnusableLogError } from './append-only/chain.ts'
import type { ClusterShell } from './cluster-shell.ts'
import type { Config } from './config/config.ts'
import type { SharedView } from './shared-view.ts'

/** The parts of a node that have something to load or to begin. */
export interface StartingNode {
  readonly appendOnly: {
    isToLoad(): boolean
    load(done: () => void, failed: (error: Error) => void): void
    open(): void
  }
  readonly persistence: { load(done: () => void, failed: (error: Error) => void): void }
  readonly replication: {
    readonly machine: { readonly master: { readonly port: number } | undefined }
    followMaster(master: { readonly ip: string; readonly port: number }): void
  }
}

/** What it is made of. */
export interface StartupParts {
  readonly node: StartingNode
  readonly config: Config
  /** Undefined on a standalone node. */
  readonly cluster: Pick<ClusterShell, 'machine' | 'settle' | 'step'> | undefined
  readonly cron: { start(): void }
  readonly view: Pick<SharedView, 'publishLoneNode'>
}

/** The start of one node. */
export class Startup {
  /** The node has its data, and has begun to meet the others. */
  isOver = false
  readonly #parts: StartupParts

  constructor(parts: StartupParts) {
    this.#parts = parts
  }

  /** What the node is before anything has come in. */
  get initialRole(): 'master' | 'replica' {
    const { cluster, config } = this.#parts
    if (cluster !== undefined) return cluster.machine.role
    return config.text('replicaof') === '' ? 'master' : 'replica'
  }

  /**
   * Loads what there is on disk: the append-only file if there is to be one, else what was saved last; then calls `done`, or
   * `failed` when it cannot be used.
   */
  load(done: () => void, failed: (error: Error) => void): void {
    const { appendOnly, persistence } = this.#parts.node
    this.#parts.cluster?.settle()
    const attempt = (action: () => void): void => {
      try {
        action()
      } catch (error) {
        if (!(error instanceof UnusableLogError)) throw error
        failed(error)
      }
    }
    const finish = (): void =>
      attempt(() => {
        appendOnly.open()
        done()
      })
    attempt(() => {
      if (appendOnly.isToLoad()) appendOnly.load(finish, failed)
      else persistence.load(finish, failed)
    })
  }

  /** Says who the node is, and begins to connect. Once it has its data, and before the cluster says anything. */
  start(): void {
    const { node, config, cluster, cron, view } = this.#parts
    this.isOver = true
    cluster?.step({ type: 'data-loaded' })
    cron.start()
    if (cluster !== undefined) return
    const [host, port] = config.text('replicaof').split(' ')
    if (host !== undefined && port !== undefined) {
      node.replication.followMaster({ ip: host, port: Number(port) })
    }
    view.publishLoneNode(node.replication.machine.master?.port)
  }
}
