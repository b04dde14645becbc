/**
 * The sections of INFO with a line per command, error or database: commandstats, errorstats, latencystats, keyspace,
 * keysizes.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { CommandEntry } from '../../commands/table.ts'
import type { CommandLatency, KeySizeFacts, KeyspaceFacts } from './facts.ts'

/** Lines of the commandstats section: commands that were called or refused. */
export function commandsSection(entries: Iterable<CommandEntry>): string[] {
  return [...entries].flatMap(commandLine)
}

function commandLine({ command, stats }: CommandEntry): string[] {
  const { calls, rejected, failed } = stats
  if (calls === 0 && rejected === 0 && failed === 0) return []
  const microseconds = Math.round(stats.microseconds)
  const perCall = (calls === 0 ? 0 : microseconds / calls).toFixed(2)
  return [
    `cmdstat_${command.fullName}:calls=${calls},usec=${microseconds},usec_per_call=${perCall},rejected_calls=${rejected},failed_calls=${failed}`,
  ]
}

/** Lines of the errorstats section, in order of the words. */
export function errorsSection(errors: Iterable<readonly [word: Bytes, count: number]>): string[] {
  return [...errors].map(([word, count]) => `errorstat_${word}:count=${count}`).sort()
}

/** Lines of the latencystats section. */
export function latenciesSection(latencies: Iterable<CommandLatency>): string[] {
  return [...latencies].map(({ fullName, percentiles }) => {
    const values = percentiles.map(([name, value]) => `p${name}=${value.toFixed(3)}`)
    return `latency_percentiles_usec_${fullName}:${values.join(',')}`
  })
}

/** Lines of the keyspace section: databases that hold keys. */
export function keyspaceSection(databases: Iterable<KeyspaceFacts>): string[] {
  return [...databases]
    .filter(({ keys }) => keys > 0)
    .map(
      ({ index, keys, expiring, averageTtlMs }) =>
        `db${index}:keys=${keys},expires=${expiring},avg_ttl=${Math.round(averageTtlMs)}`,
    )
}

/** Lines of the keysizes section: how many values have up to twice so many bytes or elements. */
export function keySizesSection(sizes: Iterable<KeySizeFacts>): string[] {
  return [...sizes].map(({ index, what, counts }) => {
    const shown = counts.flatMap((count, bits) =>
      count === 0 ? [] : [`${bits === 0 ? '0' : roundSize(bits - 1)}=${count}`],
    )
    return `db${index}_distrib_${what}:${shown.join(',')}`
  })
}

/** A power of two: `512`, `1K`, `2M`. */
function roundSize(exponent: number): string {
  const unit = Math.floor(exponent / 10)
  return `${2 ** (exponent % 10)}${['', 'K', 'M', 'G', 'T', 'P'][unit]}`
}
