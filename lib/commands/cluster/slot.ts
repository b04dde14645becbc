/**
 * Who serves a slot, by an operator's word: CLUSTER ADDSLOTS, DELSLOTS, their ranges, FLUSHSLOTS, and SETSLOT, which opens
 * and closes slots for migration.
 */
import type { Bytes } from '../../base/bytes.ts'
import { ReplyError, wrongArity } from '../../resp/reply-error.ts'
import { block, integer, oneOf, string, token } from '../argument.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { verb } from './declaration.ts'
import { slotOf } from './slot-argument.ts'

export const addslots = verb(
  'ADDSLOTS',
  {
    since: '3.0.0',
    summary: 'Takes unassigned slots for this node.',
    complexity: 'O(N) where N is the total number of hash slot arguments',
    args: [integer('slot', { multiple: true })],
  },
  (port, argv) => port.addSlots(slotList(argv)),
)

export const delslots = verb(
  'DELSLOTS',
  {
    since: '3.0.0',
    spansKeyspace: true,
    summary: 'Makes this node forget who serves some slots.',
    complexity: 'O(N) where N is the total number of hash slot arguments',
    args: [integer('slot', { multiple: true })],
  },
  (port, argv) => port.deleteSlots(slotList(argv)),
)

const RANGE = block('range', [integer('start-slot'), integer('end-slot')], {
  formerName: 'start-slot_end-slot',
  multiple: true,
})

export const addslotsrange = verb(
  'ADDSLOTSRANGE',
  {
    since: '7.0.0',
    summary: 'Takes ranges of unassigned slots for this node.',
    complexity:
      'O(N) where N is the total number of the slots between the start slot and end slot arguments.',
    args: [RANGE],
  },
  (port, argv) => {
    if (argv.length % 2 === 1) throw wrongArity('cluster|addslotsrange')
    port.addSlots(slotRanges(argv))
  },
)

export const delslotsrange = verb(
  'DELSLOTSRANGE',
  {
    since: '7.0.0',
    spansKeyspace: true,
    summary: 'Makes this node forget who serves ranges of slots.',
    complexity:
      'O(N) where N is the total number of the slots between the start slot and end slot arguments.',
    args: [RANGE],
  },
  (port, argv) => {
    if (argv.length % 2 === 1) throw wrongArity('cluster|delslotsrange')
    port.deleteSlots(slotRanges(argv))
  },
)

export const flushslots = verb(
  'FLUSHSLOTS',
  {
    since: '3.0.0',
    spansKeyspace: true,
    summary: 'Gives up all slots of this node.',
    complexity: 'O(1)',
  },
  (port) => port.flushSlots(),
)

export const setslot = verb(
  'SETSLOT',
  {
    since: '3.0.0',
    spansKeyspace: true,
    summary: 'Opens or closes a slot for migration, or tells which node serves it.',
    complexity: 'O(1)',
    args: [
      integer('slot'),
      oneOf('subcommand', [
        string('importing', { formerName: 'node-id', displayText: 'node-id', token: 'IMPORTING' }),
        string('migrating', { formerName: 'node-id', displayText: 'node-id', token: 'MIGRATING' }),
        string('node', { formerName: 'node-id', displayText: 'node-id', token: 'NODE' }),
        token('stable', 'STABLE'),
      ]),
    ],
  },
  (port, argv) => {
    if (port.role === 'replica') throw new ReplyError('ERR Please use SETSLOT only with masters.')
    setSlot(port, slotOf(argv[2]), argv)
  },
)

function setSlot(port: ClusterPort, slot: number, argv: readonly Bytes[]): void {
  const peer = argv[4]
  const action = argv[3]?.toLowerCase()
  if (argv.length === 4 && action === 'stable') port.setSlotStable(slot)
  else if (argv.length === 5 && action === 'migrating') port.setSlotMigrating(slot, peer as Bytes)
  else if (argv.length === 5 && action === 'importing') port.setSlotImporting(slot, peer as Bytes)
  else if (argv.length === 5 && action === 'node') port.setSlotNode(slot, peer as Bytes)
  else {
    throw new ReplyError(
      'ERR Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP',
    )
  }
}

/** The slots of ADDSLOTS and DELSLOTS. */
function slotList(argv: readonly Bytes[]): number[] {
  return argv.slice(2).map(slotOf)
}

/** The slots of ADDSLOTSRANGE and DELSLOTSRANGE, read as they are wanted: the first error wins. */
function* slotRanges(argv: readonly Bytes[]): Generator<number> {
  for (let i = 2; i < argv.length; i += 2) {
    const start = slotOf(argv[i])
    const end = slotOf(argv[i + 1])
    if (start > end) {
      throw new ReplyError(`ERR start slot number ${start} is greater than end slot number ${end}`)
    }
    for (let slot = start; slot <= end; slot++) yield slot
  }
}
