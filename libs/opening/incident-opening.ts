import type { Commands } from '#commands/commands'
import { newId } from '#commands/ids'
import { machineFacts } from '#commands/machine-facts'
import { StreamBusy } from '#commands/turns'
import { type Incident, incident } from '#domain/incident/incident'
import { readHubIncident, standingIn } from '#domain/incident/read-hub-incident'
import { isTrained } from '#domain/staff/staff'
import { envelopeOf } from '#event-codec/sealed'
import type { ExpectedRevision } from '#event-store/event-store'
import type { Clock } from '#kernel/clock'
import type { IncidentId } from '#kernel/id'
import type { Personal } from '#kernel/personal'
import { type Refusal, refused } from '#kernel/refusals'
import { type Result, accept } from '#kernel/result'
import { incidentReachOf } from '#policy/incident-reach'
import type { Opened, SubjectKeys, ToOpen } from '#subject-keys/subject-keys'
import type { StaffReader } from './opening.js'

type Said = Opened | undefined
export type OpenedInvolvement = { readonly personRef: Said; readonly name: Said; readonly words: readonly Opened[] }
export type OpenedIncident = {
  readonly state: Incident
  readonly revision: ExpectedRevision
  readonly narrative: Said
  readonly conclusion: Said
  /** By the ids of `state.involved`; those who were erased are not there. */
  readonly people: ReadonlyMap<string, OpenedInvolvement>
}

/**
 * The one way into an incident: for whoever is let at it, once that they read it stands on its stream. Everybody else is told that there is
 * none (C40).
 */
export class IncidentOpening {
  constructor(
    private readonly commands: Pick<Commands, 'execute'>,
    private readonly keys: Pick<SubjectKeys, 'open'>,
    private readonly clock: Clock,
  ) {}

  /** @throws StreamBusy, StoreUnavailable: then nothing was opened; KeyStoreUnavailable, KeyMissing, SealBroken */
  async open(
    reader: StaffReader,
    incidentId: IncidentId,
  ): Promise<Result<OpenedIncident, Refusal<'NOT_FOUND'> | Refusal<'TRAINING_EXPIRED'>>> {
    const now = this.clock.now()
    // Before anything is looked at: it says nothing of whether there is one.
    if (!isTrained(reader.trainedUntil, now)) return refused('TRAINING_EXPIRED')
    const { actor, correlationId, sourceAddress } = reader
    const read = readHubIncident(incidentId, { actor, reach: incidentReachOf(actor.role), now, sourceAddress })
    let state = incident.initial
    const own = { purpose: 'LEGAL_OBLIGATION', correlationId, commandId: newId(), command: 'ReadHubIncident' }
    const outcome = await this.commands.execute({
      aggregate: incident,
      id: incidentId,
      facts: { ...machineFacts(), actor, ...own },
      decide: found => {
        state = found
        return read(found)
      },
    })
    if (outcome.kind === 'conflict') throw new StreamBusy()
    if (outcome.kind === 'refused') return refused('NOT_FOUND')
    return accept({ state, revision: outcome.revision, ...(await this.#opened(incidentId, state)) })
  }

  async #opened(incidentId: IncidentId, state: Incident) {
    const asked: ToOpen[] = []
    const later = (subject: string, declared: string, words: Personal<string> | undefined) => {
      if (!words) return () => undefined
      const at = asked.push({ subject, sealed: envelopeOf(words), declared: [declared] }) - 1
      return () => opened[at]
    }
    const narrative = later(incidentId, 'HubIncidentRaised|narrative', state.raised?.narrative)
    const conclusion = later(incidentId, 'HubIncidentClosed|conclusion', state.closed?.conclusion)
    const people = standingIn(state).map(([id, { personRef, name, words }]) => ({
      id,
      personRef: later(id, 'PersonAddedToIncident|personRef', personRef),
      name: later(id, 'PersonAddedToIncident|name', name),
      words: words.map(one => later(id, 'PersonAddedToIncident|words', one)),
    }))
    const opened = await this.keys.open(asked)
    return {
      narrative: narrative(),
      conclusion: conclusion(),
      people: new Map(
        people.map(({ id, personRef, name, words }) => [
          id,
          { personRef: personRef(), name: name(), words: words.flatMap(word => word() ?? []) },
        ]),
      ),
    }
  }
}
