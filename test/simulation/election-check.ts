/**
 * Votes, wins and epochs, as the messages and logs of the nodes tell them.
 * - A node votes once per epoch, and its disk knows before the vote leaves (clusterSendFailoverAuthIfNeeded).
 * - An election is won with the votes of a majority of the masters that the winner knows, and an epoch by one node. In
 *   Redis votes belong to nodes, not to shards: a master and the replica that just replaced it may vote in one epoch, for
 *   two candidates. Then an epoch can have two winners, and they resolve the collision as any two masters do.
 * - What a node says of its epochs never falls within a life; neither its own configEpoch nor its last vote does across
 *   lives that keep the disk. currentEpoch may: Redis does not save what it only heard; and a replica's own configEpoch is
 *   not kept. CLUSTER RESET HARD begins anew under another id.
 */
import type { BusMessage, NodeId } from '../../lib/bus/message.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import type { SimulatedNode } from './simulated-node.ts'
import { Violation } from './violation.ts'

interface Spoken {
  life: number
  currentEpoch: number
  configEpoch: number
  /** It was a replica when it last spoke. */
  wasReplica: boolean
}

/** Watches elections. */
export class ElectionCheck {
  /** Who voted for whom in each epoch, and which slots the voter served. */
  readonly #votes = new Map<number, Map<NodeId, { target: NodeId; slots: Uint8Array }>>()
  readonly #winners = new Map<number, NodeId>()
  readonly #asked = new Map<NodeId, number>()
  readonly #spoken = new Map<NodeId, Spoken>()
  /** Epochs that somebody gave itself without a vote: two may well do so at once. */
  readonly unagreed = new Set<number>()
  wins = 0

  sends(host: SimulatedNode, link: number, message: BusMessage): void {
    const { header } = message
    this.#checkEpochs(host, message)
    if (message.type === 'auth-req') this.#asked.set(header.sender, header.currentEpoch)
    else if (message.type === 'auth-ack') this.#checkVote(host, link, message)
  }

  #checkEpochs(host: SimulatedNode, { header }: BusMessage): void {
    const isMaster = (header.flags & NodeFlag.master) !== 0
    const last = this.#spoken.get(header.sender)
    const spoken = last ?? {
      life: host.lives,
      currentEpoch: 0,
      configEpoch: 0,
      wasReplica: false,
    }
    if (last === undefined) this.#spoken.set(header.sender, spoken)
    const who = `node ${host.place} (${header.sender})`
    if (spoken.life === host.lives && header.currentEpoch < spoken.currentEpoch) {
      throw new Violation(
        'epochs never fall',
        `${who} said currentEpoch ${header.currentEpoch} after ${spoken.currentEpoch}`,
      )
    }
    if (header.configEpoch > header.currentEpoch) {
      throw new Violation(
        'no claim is ahead of the clock',
        `${who} has configEpoch ${header.configEpoch} at currentEpoch ${header.currentEpoch}`,
      )
    }
    // It may have become a replica and crashed before it said so.
    if (spoken.life !== host.lives && (spoken.wasReplica || !isMaster)) spoken.configEpoch = 0
    spoken.life = host.lives
    spoken.wasReplica = !isMaster
    spoken.currentEpoch = header.currentEpoch
    if (!isMaster) return
    if (header.configEpoch < spoken.configEpoch) {
      throw new Violation(
        'epochs never fall',
        `${who} said configEpoch ${header.configEpoch} after ${spoken.configEpoch}`,
      )
    }
    spoken.configEpoch = header.configEpoch
  }

  #checkVote(host: SimulatedNode, link: number, { header }: BusMessage): void {
    const epoch = header.currentEpoch
    const target = host.machine.nodes().find((node) => node.outbound?.id === link)?.id ?? 'nobody'
    let votes = this.#votes.get(epoch)
    if (votes === undefined) {
      votes = new Map()
      this.#votes.set(epoch, votes)
    }
    const earlier = votes.get(header.sender)
    if (earlier !== undefined) {
      throw new Violation(
        'one vote per epoch',
        `node ${host.place} voted for ${earlier.target} and ${target} in epoch ${epoch}`,
      )
    }
    votes.set(header.sender, { target, slots: header.slots })
    const saved = /lastVoteEpoch (\d+)/.exec(host.disk.synced ?? '')?.[1]
    if (Number(saved ?? -1) < epoch) {
      throw new Violation(
        'a vote is on disk before it leaves',
        `node ${host.place} voted in epoch ${epoch}, its disk knows of ${saved}`,
      )
    }
  }

  logs(host: SimulatedNode, text: string): void {
    const own =
      /^New configEpoch set to (\d+)|collision with node \S+ configEpoch set to (\d+)/.exec(text)
    if (own !== null) this.unagreed.add(Number(own[1] ?? own[2]))
    if (text === "Failover election won: I'm the new master.") this.#checkWin(host)
  }

  #checkWin(host: SimulatedNode): void {
    this.wins++
    const { id } = host
    const epoch = this.#asked.get(id) ?? -1
    const other = this.#winners.get(epoch)
    if (other !== undefined && other !== id && !this.#hasDoubleShard(epoch)) {
      throw new Violation('one winner per epoch', `${other} and ${id} won epoch ${epoch}`)
    }
    if (other !== undefined && other !== id) this.unagreed.add(epoch)
    this.#winners.set(epoch, id)
    // The winner has its master's place already: there are as many masters with slots as before.
    const masters = host.machine
      .nodes()
      .filter((node) => (node.flags & NodeFlag.master) !== 0 && node.slotCount > 0).length
    const cast = [...(this.#votes.get(epoch)?.values() ?? [])]
    const votes = cast.filter(({ target }) => target === id).length
    if (votes >= Math.floor(masters / 2) + 1) return
    throw new Violation(
      'a majority elects',
      `node ${host.place} won epoch ${epoch} with ${votes} votes of ${masters} masters`,
    )
  }

  /** Two nodes voted in this epoch for the same slots: a master and whoever replaced it. */
  #hasDoubleShard(epoch: number): boolean {
    const voters = [...(this.#votes.get(epoch)?.values() ?? [])]
    return voters.some(({ slots }, i) =>
      voters
        .slice(0, i)
        .some((other) => slots.some((byte, at) => (byte & (other.slots[at] ?? 0)) !== 0)),
    )
  }
}
