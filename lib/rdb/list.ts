/**
 * Lists as RDB bytes: written as a real server of 7.0 does, in nodes of one listpack each, cut where its quicklist cuts a
 * list that grew to the right (_quicklistNodeAllowInsert); read in all forms there ever were.
 * Invariant: what is written reads as the same elements, whatever the limit.
 */
import type { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { EMPTY_LISTPACK_BYTES, listpackBytes } from '../base/listpack-size.ts'
import type { RdbCursor } from './cursor.ts'
import type { RdbEncoder } from './encoder.ts'
import { RdbError } from './format.ts'
import { decodeListpack, encodeListpack } from './listpack.ts'
import type { ListRecord } from './record.ts'
import { decodeZiplist } from './ziplist.ts'

/** How a node holds its elements. */
const Container = { plain: 1, packed: 2 } as const

/** Bytes per node that `list-max-listpack-size` -1 to -5 mean. */
const NODE_BYTES: readonly number[] = [4096, 8192, 16_384, 32_768, 65_536]
/** No node with a limited number of elements is larger. */
const SAFE_BYTES = 8192
/** What a server expects an element to take beside its bytes. */
const OVERHEAD_BYTES = 8

/** Writes number of nodes and nodes. */
export function encodeList(encoder: RdbEncoder, list: ListRecord): void {
  const nodes = listNodes(list)
  encoder.length(nodes.length)
  for (const node of nodes) {
    encoder.length(Container.packed)
    encoder.stringBlob(encodeListpack(node))
  }
}

/** The elements of a list, those of each node together. */
export function listNodes({ elements, maxListpackSize }: ListRecord): Bytes[][] {
  const nodes: Bytes[][] = []
  let bytes = 0
  for (const element of elements()) {
    const node = nodes.at(-1)
    const estimate = bytes + element.length + OVERHEAD_BYTES
    if (node !== undefined && fits(estimate, node.length, maxListpackSize)) node.push(element)
    else {
      nodes.push([element])
      bytes = EMPTY_LISTPACK_BYTES
    }
    bytes += listpackBytes(element)
  }
  return nodes
}

/** Whether a node may have so many bytes after so many elements. */
function fits(bytes: number, count: number, limit: number): boolean {
  if (limit >= 0) return bytes <= SAFE_BYTES && count < limit
  return bytes <= (NODE_BYTES[Math.min(-limit, NODE_BYTES.length) - 1] as number)
}

/** Length, then elements: servers older than 3.2. */
export function decodePlainList(cursor: RdbCursor): ListRecord {
  const elements: Bytes[] = []
  for (let left = cursor.length(); left > 0; left--) elements.push(cursor.string())
  return listRecord(elements)
}

/** One ziplist: small lists of servers older than 3.2. */
export function decodeZiplistList(cursor: RdbCursor): ListRecord {
  return listRecord(decodeZiplist(cursor.stringBlob(), 'List ziplist'))
}

/** A number of ziplists: 3.2 to 6.2. */
export function decodeZiplistNodes(cursor: RdbCursor): ListRecord {
  const elements: Bytes[] = []
  for (let left = cursor.length(); left > 0; left--) {
    for (const element of decodeZiplist(nodeBlock(cursor))) elements.push(element)
  }
  return listRecord(elements)
}

/** A number of nodes, each a listpack or one large element: 7.0 on. */
export function decodeListNodes(cursor: RdbCursor): ListRecord {
  const elements: Bytes[] = []
  for (let left = cursor.length(); left > 0; left--) {
    const container = cursor.length()
    if (container === Container.plain) elements.push(largeElement(cursor))
    else if (container === Container.packed) {
      const block = nodeBlock(cursor)
      const node = decodeListpack(block, { sanitizes: cursor.sanitizesBlock() })
      for (const element of node) elements.push(element)
    } else throw new RdbError(`Quicklist integrity check failed: a node of form ${container}`)
  }
  return listRecord(elements)
}

/** The bytes of a node. */
function nodeBlock(cursor: RdbCursor): Buffer {
  const block = cursor.stringBlob()
  if (block.length === 0) throw new RdbError('a list has a node of no bytes')
  return block
}

function largeElement(cursor: RdbCursor): Bytes {
  const element = cursor.string()
  if (element === '') throw new RdbError('a list has a node of no bytes')
  return element
}

function listRecord(elements: readonly Bytes[]): ListRecord {
  return {
    type: 'list',
    size: elements.length,
    maxListpackSize: DEFAULT_MAX_LISTPACK_SIZE,
    elements: () => elements,
  }
}

/** What redis.conf has for `list-max-listpack-size` when it says nothing. */
const DEFAULT_MAX_LISTPACK_SIZE = -2
