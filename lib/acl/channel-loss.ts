/**
 * Who listens to what it may not hear any more once its user changes (ACLKillPubsubClientsIfNeeded). Where all channels
 * stay permitted that were, nobody does, whatever it listens to.
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import type { SubscriptionKind } from '../commands/context.ts'
import type { User } from './user.ts'

/** A client as far as it listens. */
export interface Listener {
  readonly pubsub: { ownNames(kind: SubscriptionKind): readonly Bytes[] }
}

/** Tells the clients that lose channels when a user becomes what a draft is; undefined when none can. */
export function channelLoss(user: User, draft: User): ((client: Listener) => boolean) | undefined {
  if (draft.selectors.some(({ allChannels }) => allChannels)) return undefined
  const permitted = new Set(draft.selectors.flatMap(({ channelPatterns }) => channelPatterns))
  const keepsAll = user.selectors.every(
    ({ allChannels, channelPatterns }) =>
      !allChannels && channelPatterns.every((pattern) => permitted.has(pattern)),
  )
  if (keepsAll) return undefined
  const isHeard = (name: Bytes): boolean => [...permitted].some((known) => globMatch(known, name))
  return ({ pubsub }) =>
    pubsub.ownNames('pattern').some((pattern) => !permitted.has(pattern)) ||
    [...pubsub.ownNames('channel'), ...pubsub.ownNames('shard')].some((name) => !isHeard(name))
}
