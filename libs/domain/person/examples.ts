import type { ExampleOfEach } from '#event-kit/examples'
import { accessExamples } from './access/examples.js'
import { consentExamples } from './consent/examples.js'
import { contactExamples } from './contact/examples.js'
import { detailsExamples } from './details/examples.js'
import { disclosureExamples } from './disclosure/examples.js'
import { emergencyExamples } from './emergency/examples.js'
import { episodeExamples } from './episode/examples.js'
import { erasureExamples } from './erasure/examples.js'
import { intakeExamples } from './intake/examples.js'
import { keyExamples } from './keys/examples.js'
import { linkExamples } from './links/examples.js'
import { misExamples } from './mis/examples.js'
import type { PersonEvent } from './person.js'
import { retentionExamples } from './retention/examples.js'
import { standingExamples } from './standing/examples.js'

/** An invented person and everything that can happen to them. Each concern has its own; a concern that is left out does not compile. */
export const examples = {
  ...intakeExamples,
  ...episodeExamples,
  ...detailsExamples,
  ...standingExamples,
  ...contactExamples,
  ...consentExamples,
  ...disclosureExamples,
  ...emergencyExamples,
  ...erasureExamples,
  ...keyExamples,
  ...retentionExamples,
  ...accessExamples,
  ...misExamples,
  ...linkExamples,
} satisfies ExampleOfEach<PersonEvent>
