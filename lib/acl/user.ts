/**
 * A user: who may log in how, and what it may do then (struct user in server.h). Sessions hold on to their user, so that
 * what changes holds at once. Invariant: the first selector is the root, which rules outside of parentheses change;
 * `isUnrestricted` is what the selectors say, for dispatch to ask once per command.
 */
import type { Bytes } from '../base/bytes.ts'
import { hexOf } from '../base/sha1.ts'
import { sha256 } from '../base/sha256.ts'
import type { CommandTable } from '../commands/table.ts'
import { Selector } from './selector.ts'

/** How closely payloads are to be looked at. */
export type PayloadRule = 'sanitize-payload' | 'skip-sanitize-payload'

/** How a new user begins. */
export interface UserDefaults {
  readonly table: CommandTable
  /** `acl-pubsub-default`: it may use all channels. */
  readonly allChannels: boolean
}

/** Somebody who can log in; at first it cannot, and may do nothing. */
export class User {
  readonly name: Bytes
  /** It may do everything; a draft may have forgotten. */
  isUnrestricted = false
  #isEnabled = false
  #needsNoPassword = false
  #payloadRule: PayloadRule | undefined
  #passwords: string[] = []
  #selectors: [Selector, ...Selector[]]

  constructor(name: Bytes, { table, allChannels }: UserDefaults) {
    this.name = name
    this.#selectors = [new Selector({ table, allChannels })]
  }

  /** It may log in. */
  get isEnabled(): boolean {
    return this.#isEnabled
  }

  /** Any password will do. */
  get needsNoPassword(): boolean {
    return this.#needsNoPassword
  }

  /** What was said last about payloads of its RESTORE; they are looked at closely all the same. */
  get payloadRule(): PayloadRule | undefined {
    return this.#payloadRule
  }

  enable(isEnabled: boolean): void {
    this.#isEnabled = isEnabled
  }

  setPayloadRule(rule: PayloadRule): void {
    this.#payloadRule = rule
  }

  /** Hexadecimal SHA-256 digests. */
  get passwords(): readonly string[] {
    return this.#passwords
  }

  get root(): Selector {
    return this.#selectors[0]
  }

  /** The root first. */
  get selectors(): readonly Selector[] {
    return this.#selectors
  }

  addPassword(digest: string): void {
    if (!this.#passwords.includes(digest)) this.#passwords.push(digest)
    this.#needsNoPassword = false
  }

  /** False when it is none of its passwords. */
  removePassword(digest: string): boolean {
    const at = this.#passwords.indexOf(digest)
    if (at >= 0) this.#passwords.splice(at, 1)
    return at >= 0
  }

  /** No password is left; logging in needs none, or is impossible. */
  resetPasswords(needsNone: boolean): void {
    this.#passwords = []
    this.#needsNoPassword = needsNone
  }

  addSelector(selector: Selector): void {
    this.#selectors.push(selector)
  }

  /** Leaves the root alone. */
  clearSelectors(): void {
    this.#selectors = [this.root]
  }

  /** It may log in with this password. */
  accepts(password: Bytes): boolean {
    if (!this.isEnabled) return false
    return this.needsNoPassword || this.#passwords.includes(digestOf(password))
  }

  /** Somebody without a password may act as this user. */
  get isOpen(): boolean {
    return this.isEnabled && this.needsNoPassword
  }

  /** Becomes what a draft is, but for the name. */
  become(other: User): void {
    this.#isEnabled = other.#isEnabled
    this.#needsNoPassword = other.#needsNoPassword
    this.#payloadRule = other.#payloadRule
    this.#passwords = [...other.#passwords]
    const [root, ...others] = other.#selectors
    this.#selectors = [
      new Selector({ of: root }),
      ...others.map((selector) => new Selector({ of: selector })),
    ]
    this.isUnrestricted = this.#selectors.some((selector) => selector.isUnrestricted)
  }
}

/** A password as it is kept. */
export function digestOf(password: Bytes): string {
  return hexOf(sha256(password))
}
