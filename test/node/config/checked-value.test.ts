import t from 'tap'
import {
  hostname,
  onlyValue,
  plainName,
  titleTemplate,
} from '../../../lib/node/config/checked-value.ts'
import { ConfigRefusal, type ValueType, yesNo } from '../../../lib/node/config/value-type.ts'

const badHost = '!Hostnames may only contain alphanumeric characters, hyphens or dots'
const badTitle = '!template format is invalid or contains unknown variables'
const file = plainName('appendfilename', 'filename')
const folder = plainName('appenddirname', 'dirname')
const off = onlyValue('no', yesNo, 'not here')

const table: [type: ValueType, given: string, value: string][] = [
  [file, 'a.aof', 'a.aof'],
  [file, 'a/b', "!appendfilename can't be a path, just a filename"],
  [file, '', "!appendfilename can't be empty"],
  [folder, '/', "!appenddirname can't be a path, just a dirname"],
  [plainName('dbfilename', 'filename', 'allowed'), '', ''],
  [hostname, '', ''],
  [hostname, 'a.b-C9', 'a.b-C9'],
  [hostname, 'a_b', badHost],
  [hostname, 'a b', badHost],
  [hostname, 'a'.repeat(255), 'a'.repeat(255)],
  [hostname, 'a'.repeat(256), '!Hostnames must be less than 256 characters'],
  [titleTemplate, '{title} x', '{title} x'],
  [
    titleTemplate,
    '{title}{port}{tls-port}{unixsocket}{config-file}{listen-addr}{server-mode}',
    '{title}{port}{tls-port}{unixsocket}{config-file}{listen-addr}{server-mode}',
  ],
  [titleTemplate, '{{ {title}', '{{ {title}'],
  [titleTemplate, 'port}', 'port}'],
  [titleTemplate, '', badTitle],
  [titleTemplate, '{foo}', badTitle],
  [titleTemplate, '{port', badTitle],
  [off, 'NO', 'no'],
  [off, 'yes', '!not here'],
  [off, 'x', "!argument must be 'yes' or 'no'"],
]

for (const [type, given, expected] of table) {
  let value: string
  try {
    value = type.parse([given], { current: '' })
  } catch (error) {
    value = error instanceof ConfigRefusal ? `!${error.message}` : `${error}`
  }
  t.equal(value, expected, JSON.stringify(given))
}

t.same(file.spell('a.aof', 'a.aof'), [{ text: '"a.aof"', forced: false }])
t.same(off.spell('no', 'no'), [{ text: 'no', forced: false }])
