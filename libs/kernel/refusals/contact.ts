import type { RefusalsOf } from './refusal-text.js'

/** How somebody may be reached. */
export const contact = {
  NO_PERMITTED_CHANNEL: {
    class: 'contact',
    clause: 'C58',
    rule: 'This person has refused every way to be reached by.',
    remedy: 'Wait until they get in touch, and ask them then; only a danger to life and a breach of their data go ahead.',
  },
  CHANNEL_OPTED_OUT: {
    class: 'contact',
    clause: 'C58',
    rule: 'The person does not want to be contacted in this way.',
    remedy: 'Take a way that is left: the case view shows them. Only a danger to life and a breach of their data go ahead.',
  },
  OUTSIDE_SAFE_TIMES: {
    class: 'contact',
    clause: 'C58',
    rule: 'The person cannot be reached safely at this time.',
    remedy: 'Plan it for one of the safe times that the case view shows. What is urgent goes ahead.',
  },
  VOICEMAIL_OPTED_OUT: {
    class: 'contact',
    clause: 'C58',
    rule: 'No message is left for this person where nobody answers.',
    remedy: 'Plan it without leaving a message, and try again later.',
  },
  CHANNEL_NOT_FOR_URGENT: {
    class: 'contact',
    clause: 'C59',
    rule: 'Email and text are for what is not urgent: nobody knows when they are read.',
    remedy: 'Call the person, or see them.',
  },
  HOME_VISIT_RISK_NOT_CHECKED: {
    class: 'contact',
    clause: 'C57',
    rule: 'Nobody is visited at home before the risk of it was looked at.',
    remedy: 'Record what was found as the detail homeVisit of the category RSK, or meet the person elsewhere.',
  },
  VIDEO_NOT_AGREED: {
    class: 'contact',
    clause: 'C57',
    rule: 'Providers of video calls may process abroad: they are used only with those who said that it is fine.',
    remedy: 'Ask the person, record that VIDEO is allowed, or take another way.',
  },
} as const satisfies RefusalsOf<'contact'>
