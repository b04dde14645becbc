/**
 * What the client suite asks of a cluster client, in words of its own. A driver says it in the client's words; a client
 * to be added is one driver and one test file.
 */
import type { Buffer } from 'node:buffer'
import type { NodeUnderTest } from '../support/cluster-under-test.ts'

/** Words of a command. */
export type Words = readonly [name: string, ...args: string[]]

/** A connected cluster client. */
export interface ClusterClient {
  set(key: string, value: string): Promise<unknown>
  get(key: string): Promise<string | null>
  setBytes(key: Buffer, value: Buffer): Promise<unknown>
  getBytes(key: Buffer): Promise<Buffer | null>
  hashSet(key: string, fields: Readonly<Record<string, string>>): Promise<unknown>
  hashGetAll(key: string): Promise<Record<string, string>>
  /** Runs any command whose first argument is a key. */
  command(...words: Words): Promise<unknown>
  /** The client's pipeline over commands on keys of one slot; an error stands in its place, or the first one rejects. */
  pipeline(commands: readonly Words[]): Promise<readonly unknown[]>
  /** MULTI, the commands, EXEC; an error of a command stands in its place, a refused EXEC rejects. */
  transaction(commands: readonly Words[]): Promise<readonly unknown[]>
  /** SCAN over all masters: every key it names, repetitions included. */
  scan(pattern: string): Promise<string[]>
  close(): Promise<void>
}

/** How to connect. */
export interface ConnectOptions {
  readonly nodes: readonly NodeUnderTest[]
  /** Reads go to replicas. */
  readonly replicaReads?: boolean
}

/** A client library with one set of options. */
export interface ClientDriver {
  /** Shown in the names of tests. */
  readonly name: string
  /** The protocol its connections to nodes speak. */
  readonly protocol: 2 | 3
  /** The client itself refuses a command over several slots, in its own words. */
  readonly refusesSlots?: boolean
  connect(options: ConnectOptions): Promise<ClusterClient>
}
