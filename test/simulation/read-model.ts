import type { DecodedEvent } from '#event-codec/codec'
import type { DataOfEvent } from '#event-kit/event'
import type { ErasureFenced } from '#event-kit/key-events'
import { categoryOf, evolveDocument, idOf, type DocumentFold } from '#projections/projection'
import type { Typed } from '#decider/decider'
import type { Case } from '#read-models/case-view/facts'
import { caseView } from '#read-models/case-view/projection'

const fold = (caseView as unknown as { readonly fold: DocumentFold<unknown, Typed> }).fold

/** The case view as a database keeps it: rows and checkpoint move together, in one step that nobody sees half-done. */
export class CaseTable {
  rows = new Map<string, Case>()
  checkpoint = 0n

  /** Rows, then the checkpoint, in one transaction. */
  apply(events: readonly DecodedEvent[]) {
    this.applyRows(events)
    this.checkpoint = events.at(-1)?.meta.position ?? this.checkpoint
  }

  applyRows(events: readonly DecodedEvent[]) {
    for (const event of events) {
      if (categoryOf(event.stream) !== 'person') continue
      const id = idOf(event.stream)
      this.rows.set(id, evolveDocument(fold, this.rows.get(id) ?? fold.initial, event) as Case)
      if (event.type === 'ErasureFenced') this.#purge(id, (event.data as DataOfEvent<typeof ErasureFenced>).kids)
    }
  }

  #purge(id: string, kids: readonly string[]) {
    const row = this.rows.get(id)
    if (row)
      this.rows.set(id, { ...row, values: Object.fromEntries(Object.entries(row.values).filter(([, { kid }]) => !kids.includes(kid))) })
  }

  sealedUnder(subject: string, kids: readonly string[]): number {
    return Object.values(this.rows.get(subject)?.values ?? {}).filter(({ kid }) => kids.includes(kid)).length
  }
}
