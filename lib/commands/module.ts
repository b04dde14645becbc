/**
 * MODULE: there are none, and none can be loaded (moduleCommand in module.c). Loading is refused unless
 * `enable-module-command` allows it, and fails then.
 */
import { ReplyError, wrongArity } from '../resp/reply-error.ts'
import { block, string } from './argument.ts'
import { type CommandDeclaration, command } from './command.ts'
import type { Context } from './context.ts'
import { writeHelp } from './help.ts'

function subcommand(name: string, facts: Omit<CommandDeclaration, 'name' | 'group'>) {
  return command({ name: `MODULE ${name}`, group: 'server', ...facts })
}

export const module = command({
  name: 'MODULE',
  since: '4.0.0',
  group: 'server',
  summary: 'Everything about modules, of which there are none.',
  complexity: 'Depends on subcommand.',
  flags: [],
  arity: -2,
  help: [
    'LIST',
    '    The modules that are loaded: none.',
    'LOAD <path> [<arg> ...]',
    '    Fails: modules cannot be loaded.',
    'LOADEX <path> [[CONFIG NAME VALUE] ...] [ARGS ...]',
    '    Fails: modules cannot be loaded.',
    'UNLOAD <name>',
    '    Fails: no module has this name.',
  ],
  run: () => {
    throw wrongArity('module')
  },
})

const FLAGS: CommandDeclaration['flags'] = ['admin', 'noscript', 'no_async_loading']

export const help = subcommand('HELP', {
  since: '5.0.0',
  summary: 'Lists the subcommands of MODULE.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  run: (context) => writeHelp(context, 'MODULE'),
})

export const list = subcommand('LIST', {
  since: '4.0.0',
  summary: 'Returns the modules that are loaded: none.',
  complexity: 'O(N) where N is the number of loaded modules.',
  flags: ['admin', 'noscript'],
  tips: ['nondeterministic_output_order'],
  run: ({ reply }) => reply.array(0),
})

export const load = subcommand('LOAD', {
  since: '4.0.0',
  summary: 'Fails: modules cannot be loaded.',
  complexity: 'O(1)',
  flags: FLAGS,
  args: [string('path'), string('arg', { optional: true, multiple: true })],
  run: (context) => refuse(context, 'Error loading the extension. Please check the server logs.'),
})

export const loadex = subcommand('LOADEX', {
  since: '7.0.0',
  summary: 'Fails: modules cannot be loaded.',
  complexity: 'O(1)',
  flags: FLAGS,
  args: [
    string('path'),
    block('configs', [string('name'), string('value')], {
      token: 'CONFIG',
      optional: true,
      multiple: true,
      multipleToken: true,
    }),
    block('args', [string('arg')], { token: 'ARGS', optional: true, multiple: true }),
  ],
  run: (context) => refuse(context, 'Error loading the extension. Please check the server logs.'),
})

export const unload = subcommand('UNLOAD', {
  since: '4.0.0',
  summary: 'Fails: no module has this name.',
  complexity: 'O(1)',
  flags: FLAGS,
  args: [string('name')],
  run: (context) => refuse(context, 'Error unloading module: no such module with that name'),
})

function refuse({ client, config }: Context, reason: string): never {
  const setting = config.text('enable-module-command')
  if (setting === 'yes' || (setting === 'local' && client.isLocal)) {
    throw new ReplyError(`ERR ${reason}`)
  }
  throw new ReplyError(
    'ERR MODULE command not allowed. If the enable-module-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.',
  )
}
