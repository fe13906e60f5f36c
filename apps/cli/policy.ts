import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { isProduction } from '#hosting/settings'
import { command, newOption } from './command.js'
import { withBackend } from './with-backend.js'

/** The pack is marked DEMO: its assessments were made for no real service. */
export const policyDemo = command({
  name: 'policy demo',
  group: 'installation',
  summary:
    'Publishes the demo policy pack where nothing was published yet: recipients, purposes, fields, forms, calendar. Not for production.',
  options: { new: newOption },
  run: ({ new: mayMake }, out) => {
    if (isProduction()) throw new Error('The demo policy pack is not for production: its assessments were made for no real service.')
    return withBackend(
      async ({ backend }) => {
        await publishFirstPolicyPack(backend)
        out.say({ published: 'DEMO' }, 'A policy pack is in force.')
        return 'done'
      },
      { mayMake },
    )
  },
})
