/**
 * Access control as a part of its node: the directives it follows, the files and clients it reaches, and what a start
 * says that it refuses (ACLLoadUsersAtStartup).
 */
import { AccessControl, type AclNode } from '../acl/access-control.ts'
import { DeclarationError } from '../acl/declaration.ts'
import { AclFileError } from '../acl/file.ts'
import type { Clock } from '../base/clock.ts'
import type { CommandTable } from '../commands/table.ts'
import type { ClientRegistry } from './client-registry.ts'
import type { Config } from './config/config.ts'
import { ConfigError } from './config/config-text.ts'
import type { NodeIo } from './io.ts'

/** What access control needs of its node. */
export interface AccessParts {
  readonly config: Config
  readonly io: Pick<NodeIo, 'log' | 'readFile' | 'replaceFile'>
  readonly clients: ClientRegistry
  readonly commands: CommandTable
  readonly clock: Clock
}

/** The users that the configuration says; it follows the configuration from now on. Throws {@link ConfigError}. */
export function startAccessControl(parts: AccessParts): AccessControl {
  const { config } = parts
  const acl = begin(parts)
  config.onChange('requirepass', (password) => acl.setDefaultPassword(password))
  config.describeUsers = () =>
    config.text('aclfile') === ''
      ? acl.lines().map((line) => line.slice('user '.length))
      : undefined
  return acl
}

function begin({ config, io, clients, commands, clock }: AccessParts): AccessControl {
  const node: AclNode = {
    commands,
    clock,
    clients,
    settings: {
      get allChannels() {
        return config.text('acl-pubsub-default') === 'allchannels'
      },
      get logLength() {
        return config.number('acllog-max-len')
      },
      get file() {
        return config.text('aclfile')
      },
    },
    readFile: (path) => io.readFile(path),
    replaceFile: (path, text) => io.replaceFile(path, text),
    log: (level, text) => io.log(level, text),
  }
  const declarations = config.userLines.map(({ words }) => words.slice(1))
  try {
    return new AccessControl(node, { password: config.text('requirepass'), declarations })
  } catch (error) {
    if (error instanceof AclFileError) {
      throw new ConfigError(`Aborting Redis startup because of ACL errors: ${error.message}`)
    }
    if (!(error instanceof DeclarationError)) throw error
    const { message, line } = error
    throw new ConfigError(message, line === undefined ? undefined : config.userLines[line])
  }
}
