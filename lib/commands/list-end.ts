/**
 * What the commands of lists share: the list of a key, its ends as words, and what becomes of a list that lost elements
 * (listElementsRemoved in t_list.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { type ListEnd, ListValue } from '../data/list.ts'
import type { Database } from '../keyspace/database.ts'
import { NotifyClass } from '../keyspace/notification.ts'
import { errors } from '../resp/reply-error.ts'
import { type Argument, oneOf, token } from './argument.ts'
import { dropIfEmpty } from './collection.ts'

/** The list of a key, a new one if there is none. Throws WRONGTYPE. */
export function openList(db: Database, name: Bytes): ListValue {
  let list = db.writeList(name)
  if (list === undefined) {
    list = new ListValue(db.limits)
    db.add(name, list)
  }
  return list
}

/** An argument that names an end. */
export function endArgument(name: string): Argument {
  return oneOf(name, [token('left', 'LEFT'), token('right', 'RIGHT')])
}

/** The end a word names, in any case. Throws a syntax error. */
export function endOf(word: Bytes | undefined): ListEnd {
  const end = word?.toLowerCase()
  if (end !== 'left' && end !== 'right') throw errors.syntax
  return end
}

/** The list of a key lost elements at an end: tells about it, and about the key that ends with its last element. */
export function elementsTaken(
  db: Database,
  name: Bytes,
  list: ListValue,
  end: ListEnd,
  count: number,
): void {
  db.modified(name, NotifyClass.list, end === 'left' ? 'lpop' : 'rpop', count)
  dropIfEmpty(db, name, list)
}
