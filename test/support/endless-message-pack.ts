/** A thread with the stack of a node's: it unpacks what nests without end, and posts what comes of it. */
import { parentPort } from 'node:worker_threads'
import { openMessagePack } from '../../lib/scripting/message-pack.ts'
import { evaluatorWith } from './lua-expression.ts'

const evaluate = evaluatorWith(openMessagePack)
parentPort?.postMessage(evaluate("cmsgpack.unpack(string.rep('\\145', 100000) .. '\\1')"))
