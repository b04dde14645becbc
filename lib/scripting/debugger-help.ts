/**
 * What the debugger says to `help` (ldbRepl in eval.c), in words of its own: the commands are Redis'. Invariant: every line is
 * one of the commands or belongs to the line above it.
 */

/** A line each. */
export const DEBUGGER_HELP: readonly string[] = [
  'Commands of the Lua debugger:',
  '[h]elp               This help.',
  '[s]tep               Run the line and stop at the next one.',
  '[n]ext               The same as step.',
  '[c]ontinue           Run up to the next breakpoint.',
  '[l]ist               The lines around the one where the script is.',
  '[l]ist [line]        The lines around this one; 0 is where the script is.',
  '[l]ist [line] [ctx]  As many lines before and after it.',
  '[w]hole              All lines.',
  '[p]rint              All local variables.',
  '[p]rint <var>        One variable, local or KEYS or ARGV.',
  '[b]reak              All breakpoints.',
  '[b]reak <line>       Stop before this line.',
  '[b]reak -<line>      Do not stop before this line any more.',
  '[b]reak 0            Stop before no line.',
  '[t]race              The functions that are being called.',
  '[e]val <code>        Run Lua code, which does not see local variables.',
  '[r]edis <cmd>        Run a Redis command.',
  '[m]axlen [len]       Cut values and replies that are longer; 0 cuts nothing.',
  '[a]bort              End the script; after SCRIPT DEBUG SYNC its changes stay.',
  '',
  'What a script can call while it is debugged:',
  'redis.debug()        Shows its arguments here.',
  'redis.breakpoint()   Stops at the next line.',
]
