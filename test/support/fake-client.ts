/**
 * A client as handlers see it, made of plain fields: what a command does to its connection can be looked at afterwards.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import type { ClientPort, Credentials } from '../../lib/commands/context.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'

/** A connection without a node. */
export class FakeClient implements ClientPort {
  readonly id: number = 7
  readonly isMasterLink = false
  readonly trustsPayloads = false
  readonly isFlooded = false
  isLocal = true
  name: Bytes = ''
  libraryName: Bytes = ''
  libraryVersion: Bytes = ''
  authenticated = true
  userName: Bytes = 'default'
  /** Who can log in, with what password; an empty one is any. */
  readonly passwords = new Map<Bytes, Bytes>([['default', '']])
  /** By what it tried to log in. */
  readonly attempts: Credentials[] = []
  /** Whether SORT may look anywhere. */
  isUnrestricted = true
  readonlyMode = false
  asking = false
  noEvict = false
  noTouch = false
  subscribed = false
  monitoring = false
  replyMode: ClientPort['replyMode'] = 'on'
  databaseIndex = 0
  closing = false
  resets = 0
  /** Told of the protocol the client chose. */
  onProtocol: (protocol: Protocol) => void = () => {}

  selectDatabase(index: number): void {
    this.databaseIndex = index
  }

  setProtocol(protocol: Protocol): void {
    this.onProtocol(protocol)
  }

  logIn(credentials: Credentials): boolean {
    this.attempts.push(credentials)
    const { userName = 'default', password } = credentials
    const known = this.passwords.get(userName)
    if (known === undefined || (known !== '' && known !== password)) return false
    this.authenticated = true
    this.userName = userName
    return true
  }

  readsEveryKey(): boolean {
    return this.isUnrestricted
  }

  reset(): void {
    this.resets++
    this.name = ''
    this.setProtocol(2)
  }

  closeAfterReply(): void {
    this.closing = true
  }

  afterReading(_argv: readonly Bytes[], finish: () => void): void {
    finish()
  }

  describe(): Bytes {
    return `id=${this.id} name=${this.name}`
  }
}
