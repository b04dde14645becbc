/** Lua said to a server: lines of a scenario made of scripts, so that these need not be quoted by hand. */
import { typed } from '../differential.ts'

/** For each line of Lua an EVAL of `return` and that line, without keys. */
export function returns(lua: string): string {
  return linesOf(lua)
    .map((line) => typed(['EVAL', `return ${line}`, '0']))
    .join('\n')
}

/** For each line of Lua an EVAL of it as it is, without keys; `\n` in it becomes the end of a line. */
export function runs(lua: string): string {
  return linesOf(lua)
    .map((line) => typed(['EVAL', line.replaceAll('\\n', '\n'), '0']))
    .join('\n')
}

/** FUNCTION LOAD of a library of this name. */
export function library(name: string, lua: string, ...options: readonly string[]): string {
  return typed(['FUNCTION', 'LOAD', ...options, `#!lua name=${name}\n${lua}`])
}

/** For each line of Lua a FUNCTION LOAD of a library of this name. */
export function libraries(name: string, lua: string): string {
  return linesOf(lua)
    .map((line) => library(name, line.replaceAll('\\n', '\n')))
    .join('\n')
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
