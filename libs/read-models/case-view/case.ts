import { type Evolve, andThen } from '#decider/decider'
import type { PersonEvent } from '#domain/person/person'
import { access } from './access.js'
import { consent } from './consent.js'
import { contact } from './contact.js'
import { details } from './details.js'
import { disclosure } from './disclosure.js'
import { emergency } from './emergency.js'
import { episode } from './episode.js'
import { erasure } from './erasure.js'
import type { Case } from './facts.js'
import { intake } from './intake.js'
import { keys } from './keys.js'
import { links } from './links.js'
import { mis } from './mis.js'
import { retention } from './retention.js'
import { standing } from './standing.js'

export const noCase: Case = {
  facts: { fields: {}, consents: {}, withdrawals: {}, disclosures: {}, erasureRequests: {}, erasedScopes: [] },
  values: {},
}
/** The same fold writes the view and answers `asOf`: one file a concern. */
export const evolveCase: Evolve<Case, PersonEvent> = {
  ...intake,
  ...episode,
  ...details,
  ...contact,
  ...consent,
  ...disclosure,
  ...emergency,
  ...erasure,
  ...keys,
  ...retention,
  ...access,
  ...mis,
  ...links,
  ...standing,
  RecordedInError: andThen(standing.RecordedInError, details.RecordedInError),
  ErasureFenced: andThen(keys.ErasureFenced, standing.ErasureFenced),
}
