/**
 * CLUSTER and its subcommands, and the words clients say about redirections: ASKING, READONLY, READWRITE. The handlers
 * read arguments in Redis' order of checks (clusterCommand) and leave the rest to the cluster machine.
 */
import type { Bytes } from '../base/bytes.ts'
import { keySlot, SLOT_COUNT } from '../base/crc16.ts'
import { parseInteger, parseIntegerIn } from '../base/numbers.ts'
import { errors, ReplyError, subcommandSyntax, wrongArity } from '../resp/reply-error.ts'
import type { ReplySink } from '../resp/reply-sink.ts'
import { block, integer, oneOf, string, token } from './argument.ts'
import type { ClusterPort, Shard, ShardNode, SlotsNode } from './cluster-port.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { writeHelp } from './help.ts'

type Facts = Omit<CommandDeclaration, 'name' | 'group' | 'run'>

const QUESTION: CommandDeclaration['flags'] = ['stale']
const OPERATOR: CommandDeclaration['flags'] = ['admin', 'stale', 'no_async_loading']
const NONDETERMINISTIC = ['nondeterministic_output']
const NODE_ID = string('node-id')
const BUS_PORT_OFFSET = 10_000

/** A subcommand of CLUSTER; its handler gets the cluster, which a standalone node does not have. */
function subcommand(
  name: string,
  facts: Facts,
  run: (cluster: ClusterPort, context: Context, argv: readonly Bytes[]) => void,
) {
  return command({
    name: `CLUSTER ${name}`,
    group: 'cluster',
    ...facts,
    run: (context, argv) => run(clusterOf(context), context, argv),
  })
}

/** A subcommand that does something and answers OK. */
function verb(
  name: string,
  facts: Omit<Facts, 'flags'> & Partial<Pick<Facts, 'flags'>>,
  run: (cluster: ClusterPort, argv: readonly Bytes[], context: Context) => void,
) {
  return subcommand(name, { flags: OPERATOR, ...facts }, (port, context, argv) => {
    run(port, argv, context)
    context.reply.ok()
  })
}

function clusterOf({ cluster: port }: Context): ClusterPort {
  if (port === undefined) throw errors.clusterDisabled
  return port
}

const HELP = [
  'ADDSLOTS <slot> [<slot> ...]',
  '    Take unassigned slots for this node.',
  'ADDSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]',
  '    Take ranges of unassigned slots for this node, both ends included.',
  'BUMPEPOCH',
  '    Give this node the greatest config epoch of the cluster.',
  'COUNT-FAILURE-REPORTS <node-id>',
  '    Tell how many masters currently report a node as failing.',
  'COUNTKEYSINSLOT <slot>',
  '    Tell how many keys of a slot this node holds.',
  'DELSLOTS <slot> [<slot> ...]',
  '    Make this node forget who serves these slots.',
  'DELSLOTSRANGE <start slot> <end slot> [<start slot> <end slot> ...]',
  '    Make this node forget who serves these ranges of slots.',
  'FAILOVER [FORCE|TAKEOVER]',
  '    Make this replica take the place of its master.',
  'FORGET <node-id>',
  '    Remove a node from the table of known nodes.',
  'GETKEYSINSLOT <slot> <count>',
  '    List keys of a slot that this node holds.',
  'FLUSHSLOTS',
  '    Give up all slots of this node.',
  'INFO',
  '    Show the state of the cluster and the counters of its bus.',
  'KEYSLOT <key>',
  '    Compute the slot of a key.',
  'MEET <ip> <port> [<bus-port>]',
  '    Make this node and another one get to know each other.',
  'MYID',
  '    Show the id of this node.',
  'MYSHARDID',
  '    Show the id of the shard of this node.',
  'NODES',
  '    Show the known nodes, a line each:',
  '    <id> <ip:port> <flags> <master> <pings> <pongs> <epoch> <link> <slot> ...',
  'REPLICATE <node-id>',
  '    Make this node a replica of a master.',
  'RESET [HARD|SOFT]',
  '    Forget the cluster; hard, also who this node was.',
  'SET-CONFIG-EPOCH <epoch>',
  '    Set the config epoch of a node that knows no other.',
  'SETSLOT <slot> (IMPORTING <node-id>|MIGRATING <node-id>|STABLE|NODE <node-id>)',
  '    Open or close a slot for migration, or tell who serves it.',
  'REPLICAS <node-id>',
  '    Show the replicas of a master.',
  'SAVECONFIG',
  '    Write the cluster configuration file now.',
  'SLOTS',
  '    Show ranges of slots with the nodes that serve them: start, end,',
  '    master and replicas with endpoint, port and id.',
  'SHARDS',
  '    Show the shards: their ranges of slots and their nodes.',
  'LINKS',
  '    Show the bus connections to and from other nodes.',
]

export const cluster = command({
  name: 'CLUSTER',
  since: '3.0.0',
  group: 'cluster',
  summary: 'Everything about the cluster that this node is part of.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: HELP,
  run: ({ reply }) => reply.error(wrongArity('cluster').message),
})

export const help = subcommand(
  'HELP',
  {
    since: '5.0.0',
    summary: 'Lists the subcommands of CLUSTER.',
    complexity: 'O(1)',
    flags: ['loading', 'stale'],
  },
  (_cluster, { reply }) => writeHelp(reply, cluster),
)

export const nodes = subcommand(
  'NODES',
  {
    since: '3.0.0',
    summary: 'Shows the known nodes, a line each, as this node sees them.',
    complexity: 'O(N) where N is the total number of Cluster nodes',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.verbatim('txt', port.describeNodes()),
)

export const info = subcommand(
  'INFO',
  {
    since: '3.0.0',
    summary: 'Shows the state of the cluster, its epochs and the counters of its bus.',
    complexity: 'O(1)',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.verbatim('txt', port.describeInfo()),
)

export const myid = subcommand(
  'MYID',
  { since: '3.0.0', summary: 'Shows the id of this node.', complexity: 'O(1)', flags: QUESTION },
  (port, { reply }) => reply.bulk(port.myId),
)

export const myshardid = subcommand(
  'MYSHARDID',
  {
    since: '7.2.0',
    summary: 'Shows the id of the shard that this node belongs to.',
    complexity: 'O(1)',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.bulk(port.myShardId),
)

export const slots = subcommand(
  'SLOTS',
  {
    since: '3.0.0',
    summary: 'Shows ranges of slots and the nodes that serve them.',
    complexity: 'O(N) where N is the total number of Cluster nodes',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
    deprecated: { since: '7.0.0', replacedBy: '`CLUSTER SHARDS`' },
    history: [
      ['4.0.0', 'Tells the ids of the nodes.'],
      ['7.0.0', 'Tells further names and addresses of the nodes.'],
    ],
  },
  (port, { reply }) => {
    const ranges = port.describeSlots()
    reply.array(ranges.length)
    for (const range of ranges) {
      reply.array(2 + range.nodes.length)
      reply.integer(range.start)
      reply.integer(range.end)
      for (const node of range.nodes) writeSlotsNode(reply, node)
    }
  },
)

function writeSlotsNode(reply: ReplySink, node: SlotsNode): void {
  reply.array(4)
  reply.bulkOrNull(node.endpoint)
  reply.integer(node.port)
  reply.bulk(node.id)
  reply.map(node.metadata.length)
  for (const [name, value] of node.metadata) {
    reply.bulk(name)
    reply.bulk(value)
  }
}

export const shards = subcommand(
  'SHARDS',
  {
    since: '7.0.0',
    summary: 'Shows the shards: their ranges of slots and their nodes.',
    complexity: 'O(N) where N is the total number of cluster nodes',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => {
    const all = port.describeShards()
    reply.array(all.length)
    for (const shard of all) writeShard(reply, shard)
  },
)

function writeShard(reply: ReplySink, shard: Shard): void {
  reply.map(2)
  reply.bulk('slots')
  reply.array(2 * shard.ranges.length)
  for (const [start, end] of shard.ranges) {
    reply.integer(start)
    reply.integer(end)
  }
  reply.bulk('nodes')
  reply.array(shard.nodes.length)
  for (const node of shard.nodes) writeShardNode(reply, node)
}

function writeShardNode(reply: ReplySink, node: ShardNode): void {
  const fields: [string, string | number][] = [
    ['id', node.id],
    ['port', node.port],
    ['ip', node.ip],
    ['endpoint', node.endpoint],
  ]
  if (node.hostname !== undefined) fields.push(['hostname', node.hostname])
  fields.push(['role', node.role])
  fields.push(['replication-offset', node.replicationOffset])
  fields.push(['health', node.health])
  writeFields(reply, fields)
}

function writeFields(reply: ReplySink, fields: readonly (readonly [string, string | number])[]) {
  reply.map(fields.length)
  for (const [name, value] of fields) {
    reply.bulk(name)
    if (typeof value === 'number') reply.integer(value)
    else reply.bulk(value)
  }
}

export const links = subcommand(
  'LINKS',
  {
    since: '7.0.0',
    summary: 'Shows the bus connections to and from other nodes.',
    complexity: 'O(N) where N is the total number of Cluster nodes',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => {
    const all = port.describeLinks()
    reply.array(all.length)
    for (const link of all) {
      writeFields(reply, [
        ['direction', link.direction],
        ['node', link.node],
        ['create-time', link.createTimeMs],
        ['events', link.events],
        ['send-buffer-allocated', link.sendBufferAllocated],
        ['send-buffer-used', link.sendBufferUsed],
      ])
    }
  },
)

export const keyslot = subcommand(
  'KEYSLOT',
  {
    since: '3.0.0',
    summary: 'Computes the slot of a key.',
    complexity: 'O(N) where N is the number of bytes in the key',
    flags: QUESTION,
    args: [string('key')],
  },
  (_cluster, { reply }, argv) => reply.integer(keySlot(argv[2] as Bytes)),
)

export const countkeysinslot = subcommand(
  'COUNTKEYSINSLOT',
  {
    since: '3.0.0',
    summary: 'Counts the keys of a slot that this node holds.',
    complexity: 'O(1)',
    flags: QUESTION,
    args: [integer('slot')],
  },
  (_cluster, { db, reply }, argv) => {
    const slot = integerOf(argv[2])
    if (!isSlot(slot)) throw new ReplyError('ERR Invalid slot')
    reply.integer(db.countInSlot(slot))
  },
)

export const getkeysinslot = subcommand(
  'GETKEYSINSLOT',
  {
    since: '3.0.0',
    summary: 'Lists keys of a slot that this node holds.',
    complexity: 'O(log(N)) where N is the number of requested keys',
    flags: QUESTION,
    tips: NONDETERMINISTIC,
    args: [integer('slot'), integer('count')],
  },
  (_cluster, { db, reply }, argv) => {
    const slot = integerOf(argv[2])
    const count = integerOf(argv[3])
    if (!isSlot(slot) || count < 0) throw new ReplyError('ERR Invalid slot or number of keys')
    const keys = db.keysInSlot(slot, count)
    reply.array(keys.length)
    for (const key of keys) reply.bulk(key)
  },
)

export const replicas = subcommand(
  'REPLICAS',
  {
    since: '5.0.0',
    summary: 'Shows the replicas of a master, a line of CLUSTER NODES each.',
    complexity: 'O(1)',
    flags: ['admin', 'stale'],
    tips: NONDETERMINISTIC,
    args: [NODE_ID],
  },
  writeReplicas,
)

export const slaves = subcommand(
  'SLAVES',
  {
    since: '3.0.0',
    summary: 'Shows the replicas of a master, under the older name.',
    complexity: 'O(1)',
    flags: ['admin', 'stale'],
    tips: NONDETERMINISTIC,
    deprecated: { since: '5.0.0', replacedBy: '`CLUSTER REPLICAS`' },
    args: [NODE_ID],
  },
  writeReplicas,
)

function writeReplicas(port: ClusterPort, { reply }: Context, argv: readonly Bytes[]): void {
  const lines = port.describeReplicas(argv[2] as Bytes)
  reply.array(lines.length)
  for (const line of lines) reply.bulk(line)
}

export const countFailureReports = subcommand(
  'COUNT-FAILURE-REPORTS',
  {
    since: '3.0.0',
    summary: 'Counts the masters that currently report a node as failing.',
    complexity: 'O(N) where N is the number of failure reports',
    flags: ['admin', 'stale'],
    tips: NONDETERMINISTIC,
    args: [NODE_ID],
  },
  (port, { reply }, argv) => reply.integer(port.failureReports(argv[2] as Bytes)),
)

export const meet = verb(
  'MEET',
  {
    since: '3.0.0',
    summary: 'Makes this node and another one get to know each other.',
    complexity: 'O(1)',
    history: [['4.0.0', 'Takes the bus port as an option.']],
    args: [
      string('ip'),
      integer('port'),
      integer('cluster_bus_port', { optional: true, since: '4.0.0' }),
    ],
  },
  (port, argv) => {
    if (argv.length > 5) throw subcommandSyntax('CLUSTER', argv[1] as Bytes)
    const base = portOf(argv[3], 'base')
    const busPort = argv.length === 5 ? portOf(argv[4], 'bus') : base + BUS_PORT_OFFSET
    port.meet({ ip: argv[2] as Bytes, port: base, busPort })
  },
)

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
    summary: 'Makes this node forget who serves some slots.',
    complexity: 'O(N) where N is the total number of hash slot arguments',
    args: [integer('slot', { multiple: true })],
  },
  (port, argv) => port.deleteSlots(slotList(argv)),
)

const RANGE = block('start-slot_end-slot', [integer('start-slot'), integer('end-slot')], {
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
  { since: '3.0.0', summary: 'Gives up all slots of this node.', complexity: 'O(1)' },
  (port) => port.flushSlots(),
)

export const setslot = verb(
  'SETSLOT',
  {
    since: '3.0.0',
    summary: 'Opens or closes a slot for migration, or tells which node serves it.',
    complexity: 'O(1)',
    args: [
      integer('slot'),
      oneOf('subcommand', [
        string('node-id', { token: 'IMPORTING' }),
        string('node-id', { token: 'MIGRATING' }),
        string('node-id', { token: 'NODE' }),
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

export const replicate = verb(
  'REPLICATE',
  {
    since: '3.0.0',
    summary: 'Makes this node a replica of a master.',
    complexity: 'O(1)',
    args: [NODE_ID],
  },
  (port, argv) => port.replicate(argv[2] as Bytes),
)

export const failover = verb(
  'FAILOVER',
  {
    since: '3.0.0',
    summary: 'Makes this replica take the place of its master.',
    complexity: 'O(1)',
    args: [
      oneOf('options', [token('force', 'FORCE'), token('takeover', 'TAKEOVER')], {
        optional: true,
      }),
    ],
  },
  (port, argv) => {
    if (argv.length > 3) throw subcommandSyntax('CLUSTER', argv[1] as Bytes)
    const mode = argv[2]?.toLowerCase() ?? 'graceful'
    if (argv.length === 3 && mode !== 'force' && mode !== 'takeover') throw errors.syntax
    port.failover(mode as 'graceful' | 'force' | 'takeover')
  },
)

export const forget = verb(
  'FORGET',
  {
    since: '3.0.0',
    summary: 'Removes a node from the table of known nodes.',
    complexity: 'O(1)',
    args: [NODE_ID],
  },
  (port, argv) => port.forget(argv[2] as Bytes),
)

export const reset = verb(
  'RESET',
  {
    since: '3.0.0',
    summary: 'Makes this node forget the cluster; hard, also who it was.',
    complexity:
      'O(N) where N is the number of known nodes. The command may execute a FLUSHALL as a side effect.',
    flags: ['admin', 'noscript', 'stale'],
    args: [oneOf('hard_soft', [token('hard', 'HARD'), token('soft', 'SOFT')], { optional: true })],
  },
  (port, argv) => {
    if (argv.length > 3) throw subcommandSyntax('CLUSTER', argv[1] as Bytes)
    const mode = argv[2]?.toLowerCase() ?? 'soft'
    if (mode !== 'hard' && mode !== 'soft') throw errors.syntax
    port.reset(mode)
  },
)

export const setConfigEpoch = verb(
  'SET-CONFIG-EPOCH',
  {
    since: '3.0.0',
    summary: 'Sets the config epoch of a node that knows no other.',
    complexity: 'O(1)',
    args: [integer('config-epoch')],
  },
  (port, argv) => {
    const epoch = integerOf(argv[2])
    if (epoch < 0) throw new ReplyError(`ERR Invalid config epoch specified: ${argv[2]}`)
    // The bus carries no epoch that a number cannot hold.
    if (!Number.isSafeInteger(epoch)) throw errors.notInteger
    port.setConfigEpoch(epoch)
  },
)

export const bumpepoch = subcommand(
  'BUMPEPOCH',
  {
    since: '3.0.0',
    summary: 'Gives this node the greatest config epoch of the cluster.',
    complexity: 'O(1)',
    flags: OPERATOR,
    tips: NONDETERMINISTIC,
  },
  (port, { reply }) => reply.simple(port.bumpEpoch()),
)

export const saveconfig = verb(
  'SAVECONFIG',
  {
    since: '3.0.0',
    summary: 'Writes the cluster configuration file now.',
    complexity: 'O(1)',
  },
  (port) => port.saveConfig(),
)

export const asking = command({
  name: 'ASKING',
  since: '3.0.0',
  group: 'cluster',
  summary: 'Lets the next command run in a slot that is being imported.',
  complexity: 'O(1)',
  flags: ['fast'],
  categories: ['connection'],
  run: (context) => {
    clusterOf(context)
    context.client.asking = true
    context.reply.ok()
  },
})

export const readonly = command({
  name: 'READONLY',
  since: '3.0.0',
  group: 'cluster',
  summary: 'Lets this connection read from a replica.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  run: (context) => {
    clusterOf(context)
    context.client.readonlyMode = true
    context.reply.ok()
  },
})

export const readwrite = command({
  name: 'READWRITE',
  since: '3.0.0',
  group: 'cluster',
  summary: 'Makes a replica redirect the reads of this connection again.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  categories: ['connection'],
  run: (context) => {
    clusterOf(context)
    context.client.readonlyMode = false
    context.reply.ok()
  },
})

function integerOf(text: Bytes | undefined): number {
  const value = parseInteger(text ?? '')
  if (value === undefined) throw errors.notInteger
  return Number(value)
}

function portOf(text: Bytes | undefined, kind: 'base' | 'bus'): number {
  const value = parseInteger(text ?? '')
  if (value === undefined) {
    throw new ReplyError(`ERR Invalid TCP ${kind} port specified: ${text}`)
  }
  return Number(value)
}

function isSlot(number: number): boolean {
  return number >= 0 && number < SLOT_COUNT
}

function slotOf(text: Bytes | undefined): number {
  const slot = parseIntegerIn(text ?? '', 0, SLOT_COUNT - 1)
  if (slot === undefined) throw new ReplyError('ERR Invalid or out of range slot')
  return slot
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
