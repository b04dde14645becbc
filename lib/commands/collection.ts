/**
 * What the commands of all collections share: one that lost its last element is gone, and one that is a result takes the
 * place of whatever its key held.
 */
import type { Bytes } from '../base/bytes.ts'
import type { StoredObject } from '../data/stored-object.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass, type NotifyLetter } from '../keyspace/notification.ts'

/** A collection. */
interface Sized {
  readonly size: number
}

/** Removes the key of a collection that is empty, and says so. */
export function dropIfEmpty(db: Database, name: Bytes, collection: Sized): void {
  if (collection.size > 0) return
  db.remove(name)
  db.notify(NotifyClass.generic, 'del', name)
}

/** Stores a result; an empty one removes what was there. Counts as one change, or as many as said. */
export function storeResult(
  db: Database,
  name: Bytes,
  result: StoredObject & Sized,
  [notifyClass, event]: readonly [NotifyLetter, string],
  changes = 1,
): void {
  if (result.size === 0) {
    db.delete(name)
    return
  }
  db.replace(name, result)
  db.notify(notifyClass, event, name)
  db.changes.dirty += changes
}
