/** CLUSTER FAILOVER: a replica takes its master's place when asked to. */

import type { Bytes } from '../../base/bytes.ts'
import { errors, subcommandSyntax } from '../../resp/reply-error.ts'
import { oneOf, token } from '../argument.ts'
import { verb } from './declaration.ts'

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
