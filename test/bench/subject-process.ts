/**
 * A measured program in a process of its own: a module of `subject/`, started fresh, that says what it found or answers
 * questions until it is ended. Invariant: no subject outlives the benchmark's process.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A question to a subject, and the argument it takes. */
export interface Question {
  readonly number: number
  readonly ask: string
  readonly argument?: string | undefined
}

/** A subject's answer; number 0 is what it says unasked when it is ready. */
export interface Answer {
  readonly number: number
  readonly value?: unknown
  readonly error?: string
}

const PATIENCE_MS = 60_000
const running = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A running subject. */
export class SubjectProcess<Ready> {
  readonly #child: ChildProcess
  /** What the subject said when it was ready. */
  readonly ready: Ready
  #questions = 0

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child
    this.ready = ready
  }

  /** Starts `subject/<name>` and waits until it is ready. Throws when it is not, with what it wrote. */
  static async start<Ready>(
    name: string,
    args: readonly string[] = [],
  ): Promise<SubjectProcess<Ready>> {
    const path = fileURLToPath(new URL(`./subject/${name}.js`, import.meta.url))
    const { NODE_OPTIONS, NODE_V8_COVERAGE, ...env } = process.env
    const child = fork(path, args, { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    running.add(child)
    child.once('exit', () => running.delete(child))
    try {
      return new SubjectProcess<Ready>(child, (await answerOf(child, 0)) as Ready)
    } catch (error) {
      child.kill('SIGKILL')
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
    }
  }

  /** Starts a subject, takes what it says when it is ready, and ends it. */
  static async result<T>(name: string, args: readonly string[] = []): Promise<T> {
    const subject = await SubjectProcess.start<T>(name, args)
    await subject.end()
    return subject.ready
  }

  /** Asks a question and waits for the answer. */
  async ask<T>(ask: string, argument?: string): Promise<T> {
    const question: Question = { number: ++this.#questions, ask, argument }
    const answer = answerOf(this.#child, question.number)
    this.#child.send(question)
    return (await answer) as T
  }

  /** Ends the process at once. */
  async end(): Promise<void> {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
}

/** The answer with this number; rejects when the process ends first or takes too long. */
function answerOf(child: ChildProcess, number: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let written = ''
    const timer = setTimeout(() => settle(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS)
    const onOutput = (chunk: Buffer) => {
      written = (written + chunk.toString()).slice(-2000)
    }
    const onExit = (code: number | null, signal: string | null) => {
      settle(new Error(`ended with ${code ?? signal}: ${written.trim()}`))
    }
    const onMessage = (answer: Answer) => {
      if (answer.number !== number) return
      settle(answer.error === undefined ? undefined : new Error(answer.error), answer.value)
    }
    const settle = (error: Error | undefined, value?: unknown) => {
      clearTimeout(timer)
      child.off('message', onMessage).off('exit', onExit)
      child.stdout?.off('data', onOutput).resume()
      child.stderr?.off('data', onOutput).resume()
      if (error === undefined) resolve(value)
      else reject(error)
    }
    child.on('message', onMessage).on('exit', onExit)
    child.stdout?.on('data', onOutput)
    child.stderr?.on('data', onOutput)
  })
}
