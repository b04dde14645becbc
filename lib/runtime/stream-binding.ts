/**
 * What Node keeps behind process.binding of its streams, as far as we go past them. Invariant: where Node refuses it, there
 * is none, and who asks for it goes the ordinary way.
 */

/** What stands for a write that the kernel did not take whole; called back when it has. */
export interface WriteRequest {
  oncomplete?: (status: number) => void
}

/** The binding of streams. */
export interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest
  /** What became of the last read and the last write of any stream, at these indexes. */
  readonly streamBaseState: Readonly<Record<number, number>>
  readonly kReadBytesOrError: number
  readonly kLastWriteWasAsync: number
}

/** Node's own, undefined where it does not let us have it. */
export const streamBinding: StreamBinding | undefined = find()

function find(): StreamBinding | undefined {
  try {
    return (process as unknown as { binding(name: string): StreamBinding }).binding('stream_wrap')
  } catch {
    return undefined
  }
}
