/**
 * What the log of a server says of its start and its end, in Redis' words (main, listenToPort, redisAsciiArt). Each method says
 * one step; in which order they come is the runtime's matter.
 */
import type { Version } from '../base/version.ts'
import type { Config } from '../node/config/config.ts'
import type { LogLevel } from '../node/io.ts'
import { reasonOf } from './system-error.ts'

/** What it is made of. */
export interface StartLogParts {
  readonly log: (level: LogLevel, text: string) => void
  readonly config: Config
  readonly version: Version
  readonly processId: number
}

/** Why a port cannot be listened at, and of which address. */
export type ListenError = NodeJS.ErrnoException & { readonly address?: string }

/** The start of one server in its log. */
export class StartLog {
  readonly #log: StartLogParts['log']
  readonly #config: Config
  readonly #version: Version
  readonly #processId: number

  constructor({ log, config, version, processId }: StartLogParts) {
    this.#log = log
    this.#config = config
    this.#version = version
    this.#processId = processId
  }

  /** What a server of its own says before all else. */
  begin(): void {
    this.#log('warning', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo')
    this.#log(
      'warning',
      `Redis version=${this.#version.text}, bits=64, commit=00000000, modified=0, pid=${this.#processId}, just started`,
    )
    this.#log('warning', 'Configuration loaded')
    for (const name of ['daemonize', 'supervised'] as const) {
      const value = this.#config.text(name)
      if (value === 'no') continue
      this.#log(
        'warning',
        `WARNING '${name} ${value}' has no effect: this server stays in the foreground and tells no supervisor that it is ready`,
      )
    }
  }

  /** An address cannot be listened at. */
  unbound(error: ListenError, port: number): void {
    this.#log(
      'warning',
      `Warning: Could not create server TCP listening socket ${error.address ?? '*'}:${port}: bind: ${reasonOf(error)}`,
    )
  }

  /** The server ends because of that. */
  cannotListen(error: ListenError, port: number, service: 'TCP' | 'cluster'): void {
    this.unbound(error, port)
    this.#log('warning', `Failed listening on port ${port} (${service}), aborting.`)
  }

  /** The server ends because its Unix socket cannot be bound. */
  cannotOpen(error: Error): void {
    this.#log('warning', `Failed opening Unix socket: bind: ${reasonOf(error)}`)
  }

  /** The server ends because nobody could reach it. */
  listensNowhere(): void {
    this.#log('warning', 'Configured to not listen anywhere, exiting.')
  }

  /** The server is there and has no data yet. */
  initialized(mode: 'standalone' | 'cluster', port: number): void {
    if (this.#config.boolean('always-show-logo')) {
      for (const line of [
        `Redis ${this.#version.text} (64 bit)`,
        `Running in ${mode} mode`,
        `Port: ${port}`,
        `PID: ${this.#processId}`,
      ])
        this.#log('notice', line)
    } else {
      this.#log('notice', `Running mode=${mode}, port=${port}.`)
    }
    this.#log('warning', 'Server initialized')
  }

  /** It serves: over TCP, at a Unix socket, or both. */
  ready({ tcp, unixSocket }: { readonly tcp: boolean; readonly unixSocket: boolean }): void {
    if (tcp) this.#log('notice', 'Ready to accept connections')
    if (!unixSocket) return
    const path = this.#config.text('unixsocket')
    this.#log('notice', `The server is now ready to accept connections at ${path}`)
  }

  /** It ends, and what it put into the file system goes with it. */
  end({ pidFile, unixSocket }: { readonly pidFile: boolean; readonly unixSocket: boolean }): void {
    if (pidFile) this.#log('notice', 'Removing the pid file.')
    if (unixSocket) this.#log('notice', 'Removing the unix socket file.')
    this.#log('warning', 'Redis is now ready to exit, bye bye...')
  }
}
