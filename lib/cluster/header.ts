/**
 * What every message of ours begins with (clusterBuildMessageHdr). A replica carries its master's slots and configEpoch,
 * with its own id.
 */
import { type BusHeader, HeaderFlag } from '../bus/message.ts'
import { isMaster, masterOf } from './cluster-node.ts'
import { slotsNow } from './slot-assignment.ts'
import type { ClusterView } from './view.ts'

/** The header of a message sent now. */
export function buildHeader(view: ClusterView, flags = 0): BusHeader {
  const { myself } = view
  const master = masterOf(myself) ?? myself
  const paused = isMaster(myself) && view.manualFailover.endMs !== 0 ? HeaderFlag.paused : 0
  return {
    sender: myself.id,
    port: myself.port,
    otherPort: myself.otherPort,
    busPort: myself.busPort,
    currentEpoch: view.currentEpoch,
    configEpoch: master.configEpoch,
    offset: view.facts.replicationOffset(),
    slots: slotsNow(master),
    masterId: myself.master?.id,
    ip: view.settings.announceIp,
    flags: myself.flags,
    state: view.state,
    messageFlags: flags | paused,
  }
}
