/**
 * A reply as the debugger shows it (ldbRedisProtocolToHuman in eval.c), from its RESP text. Invariant: what it has no words for
 * takes no room, and what follows is shown as if it was not there.
 */
import type { Bytes } from '../base/bytes.ts'
import { quoteWord } from '../base/quote.ts'

/** Describes the first reply of a text. */
export function describeReply(text: Bytes): Bytes {
  return new ReplyDescriber(text).describe()
}

class ReplyDescriber {
  readonly #text: Bytes
  #at = 0

  constructor(text: Bytes) {
    this.#text = text
  }

  describe(): Bytes {
    switch (this.#text[this.#at]) {
      case ':':
        return this.#line().slice(1)
      case '+':
      case '-':
        return quoteWord(this.#line())
      case '_':
        this.#line()
        return '(null)'
      case '#':
        return this.#line()[1] === 't' ? '#true' : '#false'
      case ',':
        return `(double) ${this.#line().slice(1)}`
      case '$':
        return this.#bulk()
      case '*':
        return this.#all('[', ']')
      case '~':
        return this.#all('~(', ')')
      case '%':
        return this.#map()
    }
    return ''
  }

  #line(): Bytes {
    const end = this.#text.indexOf('\r', this.#at)
    const line = this.#text.slice(this.#at, end)
    this.#at = end + 2
    return line
  }

  #bulk(): Bytes {
    const length = Number(this.#line().slice(1))
    if (length < 0) return 'NULL'
    const bytes = this.#text.slice(this.#at, this.#at + length)
    this.#at += length + 2
    return quoteWord(bytes)
  }

  #all(opening: string, closing: string): Bytes {
    const count = Number(this.#line().slice(1))
    if (count < 0) return 'NULL'
    const replies = Array.from({ length: count }, () => this.describe())
    return `${opening}${replies.join(',')}${closing}`
  }

  #map(): Bytes {
    const count = Number(this.#line().slice(1))
    const pairs = Array.from({ length: count }, () => `${this.describe()} => ${this.describe()}`)
    return `{${pairs.join(',')}}`
  }
}
