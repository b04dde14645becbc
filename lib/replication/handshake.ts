/**
 * What a replica says to its master until the data comes, and what the answers mean (syncWithMaster,
 * slaveTryPartialResynchronization). Invariant: after PING everything up to PSYNC goes out at once; the answers come in
 * that order, and PSYNC waits for all of them.
 */
import type { Buffer } from 'node:buffer'
import { type Bytes, bytesIn } from '../base/bytes.ts'
import { encodeCommand } from '../resp/command.ts'
import type { Journal } from './journal.ts'
import type { ReplicationSettings } from './settings.ts'

const LF = 10
/** The longest line of an answer that makes sense. */
const LINE_MAX = 1024

/** What the next line from the master answers. */
type Step = 'ping' | 'auth' | 'listening-port' | 'ip-address' | 'capa' | 'psync'

/** A place in a history: how many of its bytes are known. */
export interface Place {
  readonly id: Bytes
  readonly offset: number
}

/** What came of the handshake. */
export type HandshakeOutcome =
  /** Everything comes anew and begins at this place; undefined of a master that knows no PSYNC. */
  | { readonly type: 'full'; readonly beginning: Place | undefined }
  /** The stream goes on, maybe under a new replication id. */
  | { readonly type: 'continue'; readonly id: Bytes | undefined }
  /** It led to nothing this time. */
  | { readonly type: 'failed' }
  /** Whom we asked to take over does not. */
  | { readonly type: 'refused' }

/** What a handshake is for: to follow a master, or to make one of a replica and follow it then. */
export type HandshakePurpose = 'follow' | 'hand over'

/** One attempt to agree with a master. */
export class Handshake {
  readonly #settings: ReplicationSettings
  readonly #place: Place | undefined
  readonly #write: (bytes: Bytes) => void
  readonly #journal: Journal
  readonly #purpose: HandshakePurpose
  #steps: Step[] = ['ping']
  #line: Bytes = ''

  /** Asks to go on at `place`, or for everything without one. */
  constructor(
    settings: ReplicationSettings,
    place: Place | undefined,
    write: (bytes: Bytes) => void,
    journal: Journal,
    purpose: HandshakePurpose = 'follow',
  ) {
    this.#settings = settings
    this.#place = place
    this.#write = write
    this.#journal = journal
    this.#purpose = purpose
    write(encodeCommand(['PING']))
  }

  /** Takes the bytes of one line; how many they were, and the outcome if that line decided. */
  take(bytes: Buffer): { readonly consumed: number; readonly outcome?: HandshakeOutcome } {
    const end = bytes.indexOf(LF)
    this.#line += bytesIn(bytes, 0, end < 0 ? bytes.length : end)
    if (end < 0 && this.#line.length <= LINE_MAX) return { consumed: bytes.length }
    if (end < 0) {
      this.#journal.warn('Failed to read response from the server: the line is too long')
      return { consumed: bytes.length, outcome: { type: 'failed' } }
    }
    const line = this.#line.replace(/\r$/, '')
    this.#line = ''
    // Empty lines keep the connection alive.
    const outcome = line === '' ? undefined : this.#answered(line)
    return outcome === undefined ? { consumed: end + 1 } : { consumed: end + 1, outcome }
  }

  /** The connection ended before there was an outcome: that is one if the question was out already. */
  closed(reason: string): HandshakeOutcome {
    this.#journal.warn(`Failed to read response from the server: ${reason}`)
    this.#journal.warn(
      this.#steps[0] === 'psync'
        ? 'Master did not reply to PSYNC, will try later'
        : 'Master did not respond to command during SYNC handshake',
    )
    return this.#steps[0] === 'psync' ? this.#unanswered() : { type: 'failed' }
  }

  /** Whom we hand over to is asked once. */
  #unanswered(): HandshakeOutcome {
    return { type: this.#purpose === 'hand over' ? 'refused' : 'failed' }
  }

  #answered(line: Bytes): HandshakeOutcome | undefined {
    const step = this.#steps.shift()
    if (step === 'psync') return this.#dataAnswered(line)
    if (step === 'ping') {
      // Authentication, if that is what it lacks, comes next.
      if (!/^(\+|-NOAUTH|-NOPERM|-ERR operation not permitted)/.test(line)) {
        this.#journal.warn(`Error reply to PING from master: '${line}'`)
        return { type: 'failed' }
      }
      this.#journal.notice('Master replied to PING, replication can continue...')
      this.#introduce()
      return undefined
    }
    if (line.startsWith('-')) {
      if (step === 'auth') {
        this.#journal.warn(`Unable to AUTH to MASTER: ${line}`)
        return { type: 'failed' }
      }
      this.#journal.notice(`(Non critical) Master does not understand REPLCONF ${step}: ${line}`)
    }
    if (this.#steps.length === 0) this.#askForData()
    return undefined
  }

  /** Tells the master who we are. */
  #introduce(): void {
    let bytes = ''
    const say = (step: Step, ...argv: Bytes[]) => {
      bytes += encodeCommand(argv)
      this.#steps.push(step)
    }
    const { masterUser, masterAuth, announceIp, announcePort, listeningPort } = this.#settings
    if (masterAuth !== '' && masterUser === '') say('auth', 'AUTH', masterAuth)
    else if (masterAuth !== '') say('auth', 'AUTH', masterUser, masterAuth)
    say('listening-port', 'REPLCONF', 'listening-port', String(announcePort || listeningPort))
    if (announceIp !== '') say('ip-address', 'REPLCONF', 'ip-address', announceIp)
    say('capa', 'REPLCONF', 'capa', 'eof', 'capa', 'psync2')
    this.#write(bytes)
  }

  #askForData(): void {
    this.#steps = ['psync']
    const place = this.#place
    if (place === undefined) {
      this.#journal.notice('Partial resynchronization not possible (no cached master)')
      this.#write(encodeCommand(['PSYNC', '?', '-1']))
      return
    }
    const next = String(place.offset + 1)
    this.#journal.notice(`Trying a partial resynchronization (request ${place.id}:${next}).`)
    const words = this.#purpose === 'hand over' ? ['FAILOVER'] : []
    this.#write(encodeCommand(['PSYNC', place.id, next, ...words]))
  }

  #dataAnswered(line: Bytes): HandshakeOutcome {
    if (line.startsWith('+FULLRESYNC')) return this.#fullAnswered(line)
    if (line.startsWith('+CONTINUE') && this.#place !== undefined) {
      this.#journal.notice('Successful partial resynchronization with master.')
      return { type: 'continue', id: /^\+CONTINUE ([0-9a-z]{40})$/i.exec(line)?.[1] }
    }
    if (/^-(NOMASTERLINK|LOADING)/.test(line)) {
      this.#journal.notice(
        `Master is currently unable to PSYNC but should be in the future: ${line}`,
      )
      return this.#unanswered()
    }
    if (line.startsWith('-ERR')) {
      this.#journal.notice(`Master does not support PSYNC or is in error state (reply: ${line})`)
    } else this.#journal.warn(`Unexpected reply to PSYNC from master: ${line}`)
    if (this.#purpose === 'hand over') return this.#unanswered()
    this.#journal.notice('Retrying with SYNC...')
    this.#write('SYNC\r\n')
    return { type: 'full', beginning: undefined }
  }

  #fullAnswered(line: Bytes): HandshakeOutcome {
    const [, id, offset] = /^\+FULLRESYNC ([0-9a-z]{40}) (\d{1,15})$/i.exec(line) ?? []
    if (id === undefined || offset === undefined) {
      this.#journal.warn('Master replied with wrong +FULLRESYNC syntax.')
      return this.#unanswered()
    }
    this.#journal.notice(`Full resync from master: ${id}:${offset}`)
    return { type: 'full', beginning: { id, offset: Number(offset) } }
  }
}
