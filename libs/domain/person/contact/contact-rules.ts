import type { Channel } from '../channels.js'
import type { Person } from '../person.js'
import { permittedBy } from './contact.js'
import type { ContactAbout, ContactObstacle, ContactUrgency } from './events.js'

/** A contact as it is planned, or was. */
export type ContactAsked = {
  readonly channel: Channel
  readonly about: ContactAbout
  readonly urgency: ContactUrgency
  /** Whether a message is left where nobody answers. */
  readonly message: boolean
}
/** What the safe times, which are sealed, say of the moment: asked at the door. Somebody who named none can be reached at any time. */
export type AtSafeTime = { readonly atSafeTime: boolean }

/** Where the risk of a visit at home was written down. */
const homeVisit = 'RSK.homeVisit'

/** C57 to C59: everything that stands in the way of a contact, in the order in which it is told. */
export function obstaclesTo(
  { contact, held }: Person,
  { channel, urgency, message }: ContactAsked,
  { atSafeTime }: AtSafeTime,
): readonly ContactObstacle[] {
  const { refused = [], allowed = [], preferred, neverVoicemail = false } = contact.preferences ?? {}
  const stands: { readonly [O in ContactObstacle]: boolean } = {
    NO_PERMITTED_CHANNEL: permittedBy(contact).length === 0,
    CHANNEL_OPTED_OUT: refused.includes(channel),
    CHANNEL_NOT_FOR_URGENT: urgency === 'URGENT' && (channel === 'EMAIL' || channel === 'SMS'),
    // A letter arrives when it arrives.
    OUTSIDE_SAFE_TIMES: urgency === 'ROUTINE' && channel !== 'LETTER' && !atSafeTime,
    VOICEMAIL_OPTED_OUT: message && neverVoicemail,
    HOME_VISIT_RISK_NOT_CHECKED: channel === 'HOME_VISIT' && !held.has(homeVisit),
    VIDEO_NOT_AGREED: channel === 'VIDEO' && preferred !== 'VIDEO' && !allowed.includes('VIDEO'),
  }
  return (Object.keys(stands) as ContactObstacle[]).filter(obstacle => stands[obstacle])
}

/** A danger to life, and a breach of which people have to be told (UK GDPR Art 34), go by a refused way where there is no better. */
export const goesDespite = ({ about }: ContactAsked, obstacle: ContactObstacle) =>
  (about === 'VITAL_INTERESTS' || about === 'BREACH') && (obstacle === 'NO_PERMITTED_CHANNEL' || obstacle === 'CHANNEL_OPTED_OUT')
