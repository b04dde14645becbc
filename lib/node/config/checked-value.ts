/**
 * Configuration values that are plain texts or switches but not any: names without a path, host names, title templates, and
 * switches for what this server has not (the is_valid_fn functions of config.c).
 */
import type { Bytes } from '../../base/bytes.ts'
import { ConfigRefusal, text, type ValueType } from './value-type.ts'

/** The name of a file or directory, without any `/`. */
export function plainName(
  directive: string,
  kind: 'filename' | 'dirname',
  empty: 'allowed' | 'refused' = 'refused',
): ValueType {
  return text({
    empty: 'a value',
    refuse(name) {
      if (name.includes('/')) return `${directive} can't be a path, just a ${kind}`
      return name === '' && empty === 'refused' ? `${directive} can't be empty` : undefined
    },
  })
}

const MAX_HOSTNAME = 255

/** A host name to announce, or none. */
export const hostname: ValueType = text({
  refuse(name) {
    if (name.length > MAX_HOSTNAME) return 'Hostnames must be less than 256 characters'
    return /^[A-Za-z0-9.-]*$/.test(name)
      ? undefined
      : 'Hostnames may only contain alphanumeric characters, hyphens or dots'
  },
})

/** A name for people to announce, or none; what nodes.conf gives a meaning to cannot be in it. */
export const nodeName: ValueType = text({
  refuse: (name) =>
    /[!#$%&()*+:;<>?@[\]^{|}~]/.test(name)
      ? 'Announced human node name contained invalid character'
      : undefined,
})

const VARIABLES = new Set([
  'title',
  'listen-addr',
  'server-mode',
  'port',
  'tls-port',
  'unixsocket',
  'config-file',
])

/** A template with known variables in braces; `{{` is a brace. */
export const titleTemplate: ValueType = text({
  empty: 'a value',
  refuse: (template) =>
    template !== '' && variablesOf(template).every((name) => VARIABLES.has(name))
      ? undefined
      : 'template format is invalid or contains unknown variables',
})

function variablesOf(template: Bytes): string[] {
  const parts = template.replaceAll('{{', '').split('{').slice(1)
  return parts.map((part) => (part.includes('}') ? part.slice(0, part.indexOf('}')) : '{'))
}

/** A value of `type` that must stay what it is: this server has nothing behind any other. */
export function onlyValue(value: Bytes, type: ValueType, reason: string): ValueType {
  return {
    ...type,
    parse(words, context) {
      const given = type.parse(words, context)
      if (given !== value) throw new ConfigRefusal(reason)
      return given
    },
  }
}
