// The mentions that matched last, as lines: what an alert is shown with. Only as many as are looked at are read.
import type { BacktestLine } from '@groundswell/schemas/rules-desk.ts'

type Example = Extract<BacktestLine, { done: true }>['told'][number]['examples'][number]

export const exampleLimits = { keptMax: 4096, lineBytesMax: 16 << 10, textMax: 280 } as const // lines that are longer are no examples

export class RecentExamples {
  readonly #kept: ({ readonly at: number; readonly line: Uint8Array } | undefined)[] = []
  #next = 0

  add(at: number, line: Uint8Array): void {
    if (line.length > exampleLimits.lineBytesMax) return
    this.#kept[this.#next] = { at, line }
    this.#next = (this.#next + 1) % exampleLimits.keptMax
  }

  /** The newest of different texts that were said before `at` (ms), the one of this id first where it is kept. */
  before(at: number, max: number, first: string | null = null): Example[] {
    const examples = new Map<string, Example>() // by text
    if (first !== null) {
      const bytes = Buffer.from(JSON.stringify(first))
      const found = this.#kept.find((one) => one !== undefined && Buffer.from(one.line.buffer, one.line.byteOffset, one.line.byteLength).includes(bytes) && exampleOf(one.line).id === first)
      if (found) put(examples, exampleOf(found.line))
    }
    const size = this.#kept.length
    for (let back = 1; back <= size && examples.size < max; back++) {
      const one = this.#kept[(this.#next - back + size) % size]
      if (one !== undefined && one.at < at) put(examples, exampleOf(one.line))
    }
    return [...examples.values()]
  }
}

const put = (examples: Map<string, Example>, example: Example): void => { if (!examples.has(example.text)) examples.set(example.text, example) }

function exampleOf(line: Uint8Array): Example {
  const { id, platform, text } = JSON.parse(new TextDecoder().decode(line)) as Example
  return { id, platform, text: text.length > exampleLimits.textMax ? `${text.slice(0, exampleLimits.textMax).toWellFormed().replace(/\uFFFD$/, '')}…` : text }
}
