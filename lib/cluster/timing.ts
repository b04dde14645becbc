/**
 * How long the machine waits, in both modes. With `timeout` these are Redis' own delays; with `instant` the protocol is
 * the same and only the waiting is gone, since the host vouches for who is alive.
 */
import type { ClusterSettings } from './settings.ts'

/** A replica cannot ask for votes faster than masters and replicas hear of the failure; instant mode needs a moment too. */
const INSTANT_TIMEOUT_MS = 250

/** Delays in milliseconds. */
export interface Timing {
  /** A fresh master stays in state fail. */
  readonly startupDelayMs: number
  /** A master that was in a minority stays in state fail. */
  readonly rejoinDelayMs: number
  /** A failed master with slots that answers again stays failed. */
  readonly failClearMs: number
  /** A master votes again about the same failed master. */
  readonly voteIntervalMs: number
  /** An election runs out. */
  readonly electionTimeoutMs: number
  /** The next election may begin. */
  readonly electionRetryMs: number
  /** An election begins after this, */
  readonly electionDelayMs: number
  /** plus less than this, drawn at random, */
  readonly electionJitterMs: number
  /** plus this for each replica with a better offset, */
  readonly rankDelayMs: number
  /** plus this for each failed master that is replaced before ours, until it is. */
  readonly turnDelayMs: number
}

/** The delays that these settings mean. */
export function timingOf(settings: ClusterSettings): Timing {
  const instant = settings.failureDetection === 'instant'
  const timeoutMs = instant ? INSTANT_TIMEOUT_MS : settings.nodeTimeoutMs
  const electionTimeoutMs = Math.max(2 * timeoutMs, instant ? 0 : 2000)
  return {
    startupDelayMs: settings.startupDelayMs ?? (instant ? 0 : 2000),
    rejoinDelayMs: instant ? 100 : Math.min(Math.max(settings.nodeTimeoutMs, 500), 5000),
    failClearMs: instant ? timeoutMs : 2 * timeoutMs,
    voteIntervalMs: instant ? timeoutMs : 2 * timeoutMs,
    electionTimeoutMs,
    electionRetryMs: instant ? electionTimeoutMs : 2 * electionTimeoutMs,
    electionDelayMs: instant ? 1 : 500,
    electionJitterMs: instant ? 5 : 500,
    rankDelayMs: instant ? 50 : 1000,
    turnDelayMs: instant ? 100 : 0,
  }
}
