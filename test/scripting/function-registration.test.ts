import t from 'tap'
import { readRegistration } from '../../lib/scripting/function-registration.ts'
import { openLibrary } from '../../lib/scripting/library.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

/** `register(...)`: what it was given, and what its function returns. */
const evaluate = evaluatorWith((lua) =>
  openLibrary(lua, 'redis', {
    register_function: (lua) => {
      const { name, description, flags } = readRegistration(lua)
      lua.call(0, 1)
      const returned = lua.toBytes(-1)
      lua.pushBytes([name, description ?? 'none', [...flags].join('+'), returned].join(' / '))
      return 1
    },
  }),
)
const registered = (given: string) => evaluate(`redis.register_function(${given})`)

const CALLBACK = "function() return 'called' end"

t.test('what is registered', async (t) => {
  const table: [given: string, expected: string][] = [
    [`'f', ${CALLBACK}`, 'f / none /  / called'],
    [`5, ${CALLBACK}`, '5 / none /  / called'],
    [`{function_name = 'f', callback = ${CALLBACK}}`, 'f / none /  / called'],
    [`{FUNCTION_NAME = 7, Callback = ${CALLBACK}, description = 8}`, '7 / 8 /  / called'],
    [
      `{function_name = 'f', callback = ${CALLBACK}, description = 'd', flags = {'No-Writes', 'allow-oom', 'no-writes'}}`,
      'f / d / no-writes+allow-oom / called',
    ],
    [`{function_name = 'f', callback = ${CALLBACK}, flags = {x = 1}}`, 'f / none /  / called'],
    [`{function_name = 'f', callback = ${CALLBACK}, flags = {nil, 'x'}}`, 'f / none /  / called'],
  ]
  for (const [given, expected] of table) t.equal(registered(given), `"${expected}"`, given)
})

t.test('what is wrong with it', async (t) => {
  const single =
    'calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).'
  const table: [given: string, error: string][] = [
    ['', 'wrong number of arguments to redis.register_function'],
    [`'f', ${CALLBACK}, 'd'`, 'wrong number of arguments to redis.register_function'],
    ["'f'", single],
    ['nil', single],
    [`nil, ${CALLBACK}`, 'first argument to redis.register_function must be a string'],
    [`true, ${CALLBACK}`, 'first argument to redis.register_function must be a string'],
    ["'f', 'x'", 'second argument to redis.register_function must be a function'],
    ['{}', 'redis.register_function must get a function name argument'],
    ["{function_name = 'f'}", 'redis.register_function must get a callback argument'],
    [`{callback = ${CALLBACK}}`, 'redis.register_function must get a function name argument'],
    [
      '{function_name = {}}',
      'function_name argument given to redis.register_function must be a string',
    ],
    [
      '{description = {}}',
      'description argument given to redis.register_function must be a string',
    ],
    ['{callback = 5}', 'callback argument given to redis.register_function must be a function'],
    ['{nosuch = 1}', 'unknown argument given to redis.register_function'],
    ['{1}', 'unknown argument given to redis.register_function'],
    ['{[true] = 1}', 'named argument key given to redis.register_function is not a string'],
    [
      "{flags = 'no-writes'}",
      'flags argument to redis.register_function must be a table representing function flags',
    ],
    ["{flags = {'nosuch'}}", 'unknown flag given'],
    ["{flags = {'no-writes', 5}}", 'unknown flag given'],
    ['{flags = {{}}}', 'unknown flag given'],
  ]
  for (const [given, error] of table) t.equal(registered(given), `error: ${error}`, given)
})
