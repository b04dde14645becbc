/**
 * The keys of a node once more, for somebody whose changes nobody is to see (what a forked child has in Redis). Invariant: no
 * change of the copy is told, counted or kept.
 */
import { Buffer } from 'node:buffer'
import type { Database } from '../keyspace/database.ts'
import { loadRecord } from '../keyspace/snapshot.ts'
import { Snapshot } from './snapshot.ts'

const NOTHING = Buffer.alloc(0)

/** All databases as they are now, in their order. */
export function copyDatabases(databases: readonly Database[]): readonly Database[] {
  const copies = databases.map((database) => {
    const copy = database.recluse()
    copy.expiry = database.expiry
    return copy
  })
  const snapshot = new Snapshot(databases, {
    announce: () => {},
    record: (index, record) => loadRecord(copies[index] as Database, record),
    isFull: false,
    take: () => NOTHING,
    end: () => NOTHING,
  })
  snapshot.next()
  return copies
}
