/**
 * The subject's half of `subject-process.ts`: it says once that it is ready and then answers questions until its process
 * is ended. A subject whose parent is gone ends too.
 */
import type { Answer, Question } from '../subject-process.ts'

/** Answers to questions by name. */
export type Answers = Readonly<Record<string, (argument: string) => unknown>>

/** Tells the parent what was found, and answers its questions from then on. */
export function ready(value: unknown, answers: Answers = {}): void {
  process.on('message', (question: Question) => void answer(question, answers))
  process.once('disconnect', () => process.exit())
  send({ number: 0, value })
}

async function answer({ number, ask, argument = '' }: Question, answers: Answers): Promise<void> {
  try {
    send({ number, value: await answers[ask]?.(argument) })
  } catch (error) {
    send({ number, error: String(error) })
  }
}

function send(answer: Answer): void {
  process.send?.(answer)
}

/** CPU time of this process so far, all its threads, microseconds. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
