/**
 * The ids of events, to see whether one is there twice. Sixteen bytes each, in parts by their first byte: as texts in one set they would
 * take a hundred bytes each, and the ids of a million events are then what most of the memory is for.
 */
export class EventIds {
  readonly #parts = Array.from({ length: 256 }, () => ({ bytes: Buffer.alloc(0), used: 0 }))

  add(id: string, index: number): void {
    const part = this.#parts[parseInt(id.slice(0, 2), 16)] as { bytes: Buffer; used: number }
    if (part.used + width > part.bytes.length) part.bytes = Buffer.concat([part.bytes], Math.max(16 * width, part.bytes.length * 2))
    // One text, so that it is written in one go.
    part.bytes.write(id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24), part.used, 'hex')
    part.bytes.writeUIntBE(index, part.used + 16, 6)
    part.used += width
  }

  /** The indices of events whose id an earlier one has. */
  *repeated(): Generator<number> {
    for (const { bytes, used } of this.#parts) {
      const seen = new Set<string>()
      for (let at = 0; at < used; at += width) {
        const id = bytes.toString('latin1', at, at + 16)
        if (seen.has(id)) yield bytes.readUIntBE(at + 16, 6)
        seen.add(id)
      }
    }
  }
}
const width = 16 + 6
