/**
 * All that nodes said, in one number: two runs with one hash said the same, byte for byte and in the same order
 * (FNV-1a over 32-bit words, for a run says a hundred megabytes).
 */
const WORD_BYTES = 4

/** Takes in what was said. */
export class Trace {
  #hash = 0x811c9dc5

  get hash(): number {
    return this.#hash >>> 0
  }

  add(text: string): void {
    let hash = this.#hash
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    this.#hash = hash
  }

  /** What somebody sent, in memory of its own. */
  addBytes(sender: number, bytes: Uint8Array): void {
    let hash = Math.imul(this.#hash ^ sender, 0x01000193)
    const wordCount = bytes.byteOffset % WORD_BYTES === 0 ? bytes.length >> 2 : 0
    const words = new Int32Array(bytes.buffer, wordCount === 0 ? 0 : bytes.byteOffset, wordCount)
    for (let i = 0; i < wordCount; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193)
    for (let i = wordCount * WORD_BYTES; i < bytes.length; i++) {
      hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
    }
    this.#hash = hash
  }
}
