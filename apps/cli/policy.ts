import { readFileSync } from 'node:fs'
import { publishFirstPolicyPack } from '#backend/first-policy-pack'
import { Policies } from '#commands/policies-in-force'
import type { JsonObject } from '#kernel/json'
import { isProduction } from '#hosting/settings'
import { defaultPack } from '#policy/default-pack'
import { policyLists } from '#policy/lists'
import { PackRefused, policyPackIn } from '#policy/pack'
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

/** What a service begins with is its controller's to decide: here it is in a form to begin from. */
export const policyTemplate = command({
  name: 'policy template',
  group: 'installation',
  summary: 'Prints the demo policy pack as a file to change: put in what your controller has decided, then policy publish.',
  options: {},
  run: (_, out) => {
    out.say({ pack: defaultPack as unknown as JsonObject }, JSON.stringify(defaultPack, null, 2))
    return Promise.resolve('done' as const)
  },
})

export const policyPublish = command({
  name: 'policy publish',
  group: 'installation',
  summary: 'Publishes a policy pack where nothing was published yet. What is wrong with it is said, and then nothing is published.',
  options: { file: { takes: 'path', says: 'the pack, as policy template prints one.', required: true }, new: newOption },
  run: ({ file, new: mayMake }, out) => {
    const text = readFileSync(file, 'utf8')
    return withBackend(
      async ({ backend }) => {
        const pack = policyPackIn(jsonIn(text), backend.clock.now(), !isProduction())
        await publishFirstPolicyPack(backend, pack)
        out.say({ published: file }, 'The policy pack is in force.')
        return 'done'
      },
      { mayMake },
    )
  },
})

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PackRefused(['the file is not JSON'])
  }
}

/** What may be named in a request, without a service that runs. */
export const policyShow = command({
  name: 'policy show',
  group: 'installation',
  summary: 'Lists the codes of a policy that is in force, with their words: purposes, recipients, fields, refusals and the others.',
  options: { list: { takes: 'name', says: 'which list.', oneOf: policyLists.map(({ name }) => name), required: true } },
  run: ({ list }, out) =>
    withBackend(async ({ backend: { folds, clock } }) => {
      const published = await new Policies(folds).published()
      const items = policyLists.filter(({ name }) => name === list).flatMap(one => one.items(published, clock.now()))
      for (const item of items) out.say(item as JsonObject, Object.entries(item).map(inWords).join('  '))
      return 'done'
    }),
})

const inWords = ([name, value]: readonly [string, unknown]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`
