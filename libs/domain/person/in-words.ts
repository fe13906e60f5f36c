import type { InWords, EventOf } from '#event-kit/in-words'
import { accessInWords } from './access/in-words.js'
import { consentInWords } from './consent/in-words.js'
import { contactInWords } from './contact/in-words.js'
import { detailsInWords } from './details/in-words.js'
import { disclosureInWords } from './disclosure/in-words.js'
import { emergencyInWords } from './emergency/in-words.js'
import { episodeInWords } from './episode/in-words.js'
import { erasureInWords } from './erasure/in-words.js'
import { intakeInWords } from './intake/in-words.js'
import { keysInWords } from './keys/in-words.js'
import { linksInWords } from './links/in-words.js'
import { misInWords } from './mis/in-words.js'
import type { PersonEvent } from './person.js'
import { retentionInWords } from './retention/in-words.js'
import { standingInWords } from './standing/in-words.js'

const words: InWords<PersonEvent> = {
  ...intakeInWords,
  ...episodeInWords,
  ...detailsInWords,
  ...standingInWords,
  ...contactInWords,
  ...consentInWords,
  ...disclosureInWords,
  ...emergencyInWords,
  ...erasureInWords,
  ...keysInWords,
  ...retentionInWords,
  ...accessInWords,
  ...misInWords,
  ...linksInWords,
}

/** What happened, in one sentence for people: clear fields only, nothing is opened. */
export const inWords = <T extends PersonEvent['type']>({ type, data }: EventOf<PersonEvent, T>): string => words[type](data)
