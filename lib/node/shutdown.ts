/**
 * The end of a node, asked for by SHUTDOWN or a signal: put off until the replicas have all writes or `shutdown-timeout`
 * is over, given up when the data cannot be saved (prepareForShutdown, finishShutdown in server.c).
 * Invariant: while it is put off nothing is written, and whoever asked for it waits.
 */
import type { Clock } from '../base/clock.ts'
import type { ServerActivity, ShutdownOptions } from '../commands/context.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { AppendOnlyFile } from './append-only/append-only-file.ts'
import type { Config } from './config/config.ts'
import type { Holding } from './holding.ts'
import type { NodeIo } from './io.ts'
import { PauseLevel } from './pause.ts'
import type { Persistence } from './persistence.ts'

/** What the end of a node needs of it. */
export interface EndingNode {
  readonly clock: Clock
  readonly persistence: Persistence
  readonly appendOnly: AppendOnlyFile
  readonly isLoading: boolean
  readonly isLoadingAsync: boolean
  readonly replication: {
    readonly isInStep: boolean
    requestAcknowledgements(): void
    reportLag(): void
  }
  /** Clients that wait for the end are told that it does not come. */
  readonly blocked: { refuseShutdown(): void }
  readonly holding: Pick<Holding, 'pause' | 'unpause'>
}

/** Ends one node. */
export class Shutdown {
  readonly #node: EndingNode
  readonly #config: Config
  readonly #io: NodeIo
  readonly #activity: ServerActivity
  #underway: { readonly options: ShutdownOptions; readonly untilMs: number } | undefined
  /** A signal that nobody has acted upon. */
  #signal: 'SIGINT' | 'SIGTERM' | undefined

  constructor(parts: {
    readonly node: EndingNode
    readonly config: Config
    readonly io: NodeIo
    readonly activity: ServerActivity
  }) {
    this.#node = parts.node
    this.#config = parts.config
    this.#io = parts.io
    this.#activity = parts.activity
  }

  /** The node ends with this turn. */
  isOver = false

  get isUnderway(): boolean {
    return this.#underway !== undefined
  }

  /** How long replicas have to get in step; undefined while nobody waits for them. */
  get remainingMs(): number | undefined {
    if (this.#underway === undefined) return undefined
    return this.#underway.untilMs - this.#node.clock.now
  }

  /** Ends the node after this turn, waits for its replicas, or says in the log why it cannot end. */
  begin(options: ShutdownOptions): 'ends' | 'waits' | 'fails' {
    if (this.#underway !== undefined) return 'waits'
    this.#io.log('warning', 'User requested shutdown...')
    const timeoutMs = this.#config.number('shutdown-timeout') * 1000
    if (!options.now && timeoutMs > 0 && !this.#node.replication.isInStep) {
      this.#underway = { options, untilMs: this.#node.clock.now + timeoutMs }
      this.#node.holding.pause('shutdown', PauseLevel.writes, Number.POSITIVE_INFINITY)
      this.#io.log('notice', 'Waiting for replicas before shutting down.')
      this.#node.replication.requestAcknowledgements()
      return 'waits'
    }
    return this.#finish(options) ? 'ends' : 'fails'
  }

  /** The process got a signal: heeded with the cron, which is at once unless a test has stopped it. */
  signalled(name: 'SIGINT' | 'SIGTERM'): void {
    this.#signal = name
    if (this.#activity.runsCron) this.tick()
  }

  /** SHUTDOWN ABORT; false when nobody wants the node to end. */
  abort(): boolean {
    if (this.#underway !== undefined) this.#giveUp()
    else if (this.#signal === undefined) return false
    this.#signal = undefined
    this.#io.log('notice', 'Shutdown manually aborted.')
    return true
  }

  /** Due every cron. */
  tick(): void {
    const signal = this.#signal
    this.#signal = undefined
    if (signal !== undefined) {
      const words = this.#config.text(`shutdown-on-${signal.toLowerCase()}`).split(' ')
      this.begin({
        save: words.includes('save') ? 'save' : words.includes('nosave') ? 'nosave' : 'default',
        now: words.includes('now'),
        force: words.includes('force'),
      })
    }
    this.look()
  }

  /** Replicas may be in step by now, or their time over. */
  look(): void {
    const underway = this.#underway
    if (underway === undefined) return
    if (this.#node.clock.now < underway.untilMs && !this.#node.replication.isInStep) return
    this.#underway = undefined
    this.#finish(underway.options)
  }

  #finish({ save, force }: ShutdownOptions): boolean {
    const { appendOnly, persistence, replication, isLoading, isLoadingAsync } = this.#node
    replication.reportLag()
    if (persistence.running !== undefined) {
      this.#io.log('warning', 'There is a child saving an .rdb. Killing it!')
      persistence.kill()
    }
    if (!appendOnly.finish({ isForced: force })) {
      this.#fail()
      return false
    }
    // What is half loaded must not take the place of what it is loaded from.
    const isSaved = save === 'save' || (save === 'default' && persistence.isAutomatic)
    if (isSaved && !isLoading && !isLoadingAsync) {
      this.#io.log('notice', 'Saving the final RDB snapshot before exiting.')
      if (!this.#saves()) {
        const outcome = force ? 'DB. Exit anyway.' : "DB, can't exit."
        this.#io.log('warning', `Error trying to save the ${outcome}`)
        if (!force) {
          this.#fail()
          return false
        }
      }
    }
    this.isOver = true
    this.#io.shutdown()
    return true
  }

  #fail(): void {
    this.#io.log(
      'warning',
      'Errors trying to shut down the server. Check the logs for more information.',
    )
    this.#giveUp()
  }

  #giveUp(): void {
    this.#underway = undefined
    this.#node.blocked.refuseShutdown()
    this.#node.holding.unpause('shutdown')
  }

  #saves(): boolean {
    try {
      this.#node.persistence.saveNow()
      return true
    } catch (error) {
      if (error instanceof ReplyError) return false
      throw error
    }
  }
}
