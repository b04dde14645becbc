/**
 * Sets as RDB bytes: an intset where the value is one, else its members; read in those forms and as the listpack of later
 * versions.
 */
import type { Bytes } from '../base/bytes.ts'
import type { RdbCursor } from './cursor.ts'
import type { RdbEncoder } from './encoder.ts'
import { Kind, RdbError } from './format.ts'
import { decodeIntset, encodeIntset } from './intset.ts'
import { decodeListpack, encodeListpack } from './listpack.ts'
import type { SetRecord } from './record.ts'

/** Writes a set without its kind. */
export function encodeSet(encoder: RdbEncoder, set: SetRecord, kind: number): void {
  if (kind === Kind.setIntset || kind === Kind.setListpack) {
    const members = [...set.members()]
    encoder.stringBlob(kind === Kind.setIntset ? encodeIntset(members) : encodeListpack(members))
    return
  }
  encoder.length(set.size)
  for (const member of set.members()) encoder.string(member)
}

/** A set as its members. Throws {@link RdbError}, as all that read. */
export function decodePlainSet(cursor: RdbCursor): SetRecord {
  const size = cursor.length()
  const members: Bytes[] = []
  for (let i = 0; i < size; i++) members.push(cursor.string())
  return setRecord(members)
}

/** A set of integers. */
export function decodeIntsetSet(cursor: RdbCursor): SetRecord {
  const members = decodeIntset(cursor.stringBlob())
  cursor.sanitizesBlock()
  return setRecord(members)
}

/** A small set as 7.2 writes it. */
export function decodeListpackSet(cursor: RdbCursor): SetRecord {
  const block = cursor.stringBlob()
  const sanitizes = cursor.sanitizesBlock()
  return setRecord(decodeListpack(block, { name: 'Set listpack', sanitizes }))
}

function setRecord(elements: readonly Bytes[]): SetRecord {
  const members = new Set(elements)
  if (members.size !== elements.length) throw new RdbError('Duplicate set members detected')
  return { type: 'set', packed: undefined, size: members.size, members: () => members }
}
