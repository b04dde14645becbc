/**
 * What a node asks of the world: the runtime performs it on sockets, timers and disk, a test on arrays. Calls are
 * one-way; answers come back as inputs of a later turn.
 */
import type { Bytes } from '../base/bytes.ts'
import type { BusMessage } from '../bus/message.ts'
import type { NodeEvent } from '../control/event.ts'
import type { RdbSource } from '../rdb/source.ts'
import type { CompiledLua } from '../scripting/lua-binary.ts'
import type { Draft } from './background-file.ts'
import type { NodeFiles } from './files.ts'
import type { Session } from './session.ts'

/** How important a log line is, as `loglevel` counts it. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning'

/** By when nodes.conf is kept: some time after the call, in its file when the call returns, or on its disk as well. */
export type ConfigKeeping = 'soon' | 'written' | 'synced'

/** Resources of the process and the thread, for INFO. */
export interface ResourceUsage {
  /** Heap of this thread in use. */
  readonly heapUsedBytes: number
  readonly heapTotalBytes: number
  /** Resident memory of the whole process. */
  readonly residentBytes: number
  readonly totalSystemBytes: number
  /** CPU time of this thread. */
  readonly userMicroseconds: number
  readonly systemMicroseconds: number
}

/** What does not change while the node lives, for INFO. */
export interface HostFacts {
  /** Name, release and machine: `Linux 6.1.0 x86_64`. */
  readonly system: string
  readonly processId: number
  readonly executable: string
  /** `v8-11.3`. */
  readonly allocator: string
  /** Absolute path of the redis.conf it was started with, or empty. */
  readonly configFile: string
}

/** An RDB file in the making. What fails throws an Error whose message is the line for the log. */
export interface SnapshotDraft extends Draft {
  /** Puts it, with all its bytes, on disk, in the place of the one before. */
  publish(): void
}

/** Connections to other servers' client ports, by the node's numbers for them. */
export interface PeerIo {
  /** Opens one; `peerConnected` or `peerClosed` comes back. */
  connect(peer: number, host: string, port: number): void
  send(peer: number, bytes: Bytes): void
  /** Bytes handed over that have not left yet, or had not when the connection ended. */
  backlogBytes(peer: number): number
  close(peer: number): void
}

/** The world as a node uses it. */
export interface NodeIo {
  /** Opens a bus link; `link-opened` or `connect-failed` comes back. */
  connectLink(link: number, ip: string, busPort: number): void
  sendOnLink(link: number, message: BusMessage): void
  closeLink(link: number): void
  /** Bytes waiting on a bus link. */
  linkBacklogBytes(link: number): number

  /** Opens the connection to the master; an earlier one is closed. */
  connectMaster(host: string, port: number): void
  sendToMaster(bytes: Bytes): void
  closeMaster(): void

  readonly peers: PeerIo

  /**
   * Listens for clients at addresses as `bind` spells them, and no longer where it did; `listened` comes back, with false
   * if that cannot be and all is as before. Port 0 listens nowhere.
   */
  listen(addresses: readonly string[], port: number): void

  /**
   * Runs something in another turn, as soon as all is read that clients have sent by now; false, and does not, when they are
   * read one by one.
   */
  afterReading?(action: () => void): boolean

  /** Writes what a session has to say now instead of at the end of the turn. */
  flush(session: Session): void
  /** Ends a session's connection at once. */
  close(session: Session): void

  /** Keeps nodes.conf. The text is made when it is needed, since gossip changes it more often than anybody reads it. */
  saveClusterConfig(describe: () => Bytes, how: ConfigKeeping): void
  /** Keeps this nodes.conf before it returns, and takes no harm if it cannot; then it tells why, in the system's words. */
  keepClusterConfig(text: Bytes): string | undefined
  /** The text of a file, by its path or its name in the node's directory. Throws an Error with the system's reason. */
  readFile(path: Bytes): Bytes
  /** Replaces a file as a whole; as {@link readFile}. */
  replaceFile(path: Bytes, text: Bytes): void
  log(level: LogLevel, text: string): void
  /** Tells whoever watches from outside what the node decided. */
  tell(event: NodeEvent): void
  /** Calls `Node.wake` at this time, or earlier if it is far off; replaces an earlier wish. */
  wakeAt(atMs: number): void
  /** What is saved lies on disk, and a save may be worth its while unasked. */
  readonly savesToDisk: boolean
  /**
   * Begins an RDB file beside the one there is; one may be begun while another is in the making in the background. Throws as
   * it does itself.
   */
  draftSnapshot(options: { readonly isInBackground: boolean }): SnapshotDraft
  /** The RDB file saved last; undefined when there is none. Throws an Error whose message is the reason. */
  readSnapshot(): RdbSource | undefined
  /** The files of the node's directory, or what stands for them. */
  readonly files: NodeFiles
  /** Takes what clients have said already, and answers, in the middle of a turn that will not end soon. */
  pollClients(): void
  /** Lua, which is read when a script comes first; undefined where there is none. */
  compileLua(): CompiledLua | undefined
  /** Much was dropped: gives its memory back now instead of when the engine comes to it. */
  releaseMemory(): void
  /** Holds up the thread for so long. */
  sleep(milliseconds: number): void
  /** What follows in this turn happens at the time that it is now. */
  readClock(): void
  /** Unix microseconds by now, whatever this turn takes for its time. */
  microsecondsByNow(): number
  /** The node ends after this turn. */
  shutdown(): void
  /** Costs a millisecond or two: for INFO, not for a turn. */
  resources(): ResourceUsage
  readonly host: HostFacts
}
