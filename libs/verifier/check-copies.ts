import { type Bundle, type FileReader } from './bundle-folder.js'
import { bagInfo, bagInfoText, csvFile, isRaw, jsonlFile, type Scope } from './bundle-layout.js'
import { afterMetadata, beforeData, beforeMetadata, csvHeader, csvLine, eventContext } from './event-lines.js'
import type { LeafHeader } from './leaf-header.js'
import type { BundledLeaf } from './leaves.js'
import type { Report } from './verdict.js'

/** The label of a bag says what the scope says. */
export function checkBagInfo(bundle: Bundle, scope: Scope, report: Report): void {
  const found = bundle.read(bagInfo)
  if (!found) report.found({ check: 'copies', result: 'incomplete', what: `${bagInfo} is missing` })
  else if (!found.equals(Buffer.from(bagInfoText(scope))))
    report.found({ check: 'copies', result: 'failed', what: `${bagInfo} does not say what the scope says` })
}

/** What is there for reading: every line of it is derived once more from its leaf, and compared. */
export class Copies {
  readonly #jsonl: DerivedFile
  readonly #csv: DerivedFile

  constructor(bundle: Bundle, report: Report) {
    this.#jsonl = new DerivedFile(bundle, jsonlFile, report)
    this.#csv = new DerivedFile(bundle, csvFile, report)
    this.#csv.text(`${csvHeader}\n`)
  }

  /** A leaf in scope, with the lines of what was stored. */
  leaf(header: LeafHeader, { index, data, metadata }: BundledLeaf): void {
    this.#jsonl.of(index)
    const context = eventContext(index, header)
    if (isJson(data) && isJson(metadata)) {
      this.#jsonl.text(context + beforeData)
      this.#jsonl.bytes(data)
      this.#jsonl.text(beforeMetadata)
      this.#jsonl.bytes(metadata)
      this.#jsonl.text(afterWhole)
    } else this.#jsonl.text(`${context}}\n`)
    this.#csv.of(index)
    this.#csv.text(`${csvLine(index, header)}\n`)
  }

  /** What was stored for a leaf is absent: what its line says of it cannot be told, nor where the next one begins. */
  withoutPayload(): void {
    this.#jsonl.giveUp()
  }
  /** A leaf cannot be believed: what its lines should say is not known. */
  giveUp(): void {
    this.#jsonl.giveUp()
    this.#csv.giveUp()
  }

  end(): void {
    this.#jsonl.end()
    this.#csv.end()
  }
}
const afterWhole = `${afterMetadata}\n`
const isJson = (line: Buffer) => line.length > 0 && (line[0] === brace || !isRaw(line.toString('latin1', 0, 4)))
const brace = 0x7b

const space = 1 << 19
/** A file, as far as it should be known: held against what it is, a part at a time. */
class DerivedFile {
  readonly #expected = Buffer.allocUnsafe(space)
  readonly #found = Buffer.allocUnsafe(space)
  #reader: FileReader | undefined
  #isGivenUp = false
  #used = 0
  /** Where in `#expected` the text of which leaf begins. */
  #starts: { readonly at: number; readonly index: number }[] = []
  #current: number | undefined
  #differs = false

  constructor(
    private readonly bundle: Bundle,
    private readonly path: string,
    private readonly report: Report,
  ) {
    this.#reader = bundle.open(path)
  }

  of(index: number) {
    this.#current = index
    this.#starts.push({ at: this.#used, index })
  }
  text(text: string) {
    // A character of a text is at most three bytes.
    if (text.length * 3 > space - this.#used) {
      if (text.length * 3 > space) {
        this.bytes(Buffer.from(text))
        return
      }
      this.#compare()
    }
    this.#used += this.#expected.write(text, this.#used)
  }
  bytes(bytes: Buffer) {
    for (let from = 0; from < bytes.length;) {
      if (this.#used === space) this.#compare()
      const copied = bytes.copy(this.#expected, this.#used, from)
      from += copied
      this.#used += copied
    }
  }

  /** As far as this it was compared; that it was not any further is told by name. */
  giveUp() {
    if (this.#isGivenUp) return
    this.#compare()
    this.#reader?.close()
    this.#reader = undefined
    this.#isGivenUp = true
  }

  #compare() {
    if (this.#reader && !this.#differs) {
      const read = this.#reader.read(this.#found, this.#used)
      if (read !== this.#used || this.#found.compare(this.#expected, 0, this.#used, 0, this.#used) !== 0) this.#isOther(read)
    }
    this.#used = 0
    this.#starts = this.#current === undefined ? [] : [{ at: 0, index: this.#current }]
  }

  #isOther(read: number) {
    this.#differs = true
    let at = 0
    while (at < read && this.#found[at] === this.#expected[at]) at++
    const of = this.#starts.findLast(start => start.at <= at)
    this.report.found({
      check: 'copies',
      result: 'failed',
      what: of ? `${this.path} does not say what the leaf says` : `${this.path} does not begin as it should`,
      ...(of ? { index: of.index } : {}),
    })
  }

  end() {
    if (this.#isGivenUp) return
    if (!this.#reader) {
      this.report.found({ check: 'copies', result: 'incomplete', what: `${this.path} is missing` })
      return
    }
    this.#compare()
    if (!this.#differs && this.#reader.read(this.#found, 1) > 0)
      this.report.found({ check: 'copies', result: 'failed', what: `${this.path} goes on after the last leaf in scope` })
    this.#reader.close()
    this.bundle.compared(this.path)
  }
}
