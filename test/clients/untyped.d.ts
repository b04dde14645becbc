/**
 * As much of the packages that bring no types as the tests of this folder use.
 */

declare module 'redlock' {
  /** A lock that is held. */
  interface Lock {
    readonly resource: string[]
    readonly value: string
    readonly expiration: number
    readonly attempts: number
    extend(ttlMs: number): Promise<Lock>
    unlock(): Promise<void>
  }

  class Redlock {
    static readonly LockError: new () => Error
    constructor(
      clients: readonly unknown[],
      options?: { retryCount?: number; retryDelay?: number; retryJitter?: number },
    )
    lock(resource: string | readonly string[], ttlMs: number): Promise<Lock>
    unlock(lock: Lock): Promise<void>
    on(event: 'clientError', listener: (error: Error) => void): this
  }

  export default Redlock
}

declare module 'express-session' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  /** What is kept of a visitor. */
  interface Session {
    visits?: number
    destroy(done: (error?: Error) => void): void
  }

  export class Store {}

  /** Makes a middleware that gives requests a `session`. */
  export default function session(options: {
    store: Store
    resave: boolean
    saveUninitialized: boolean
    secret: string
  }): (
    request: IncomingMessage & { session?: Session },
    response: ServerResponse,
    next: () => void,
  ) => void
}
