import { type z } from 'zod'
import type { Shape } from '#event-kit/field'
import { zodOfShape } from '#event-kit/field-zod'
import { isObject } from '#kernel/json'
import { type PolicyEvent, type PolicyName, policyConcerns, policyNames, policyOf } from './events.js'
import { NoPolicyInForce, policy, policyFacts } from './policy.js'

/** What a service begins with: what is published into the stream of each policy, in this order. */
export type PolicyPack = { readonly [N in PolicyName]: readonly PolicyEvent[] }

/** What a service can begin without. */
const mayLack: readonly PolicyName[] = ['staff-policies', 'contacts', 'oversight']

/** A policy pack that nobody can begin with; each reason says where. Nothing of it was published. */
export class PackRefused extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(`The policy pack was not published:\n${reasons.map(reason => `- ${reason}`).join('\n')}`)
  }
}

const definitions = new Map<string, { readonly type: PolicyEvent['type']; readonly data: z.ZodType }>(
  policyConcerns.policy.events.map(({ type, shape }) => [type, { type, data: zodOfShape(shape as Shape) }]),
)

/**
 * The pack that a file holds: `{ "<policy>": [{ "type": …, "data": … }, …], … }`, as `caseledger policy template` writes one.
 * @param demoAllowed whether it may hold what was approved for no real service
 * @throws PackRefused with everything that is wrong in it; nothing of a pack is taken without the rest
 */
export function policyPackIn(file: unknown, now: string, demoAllowed: boolean): PolicyPack {
  if (!isObject(file)) throw new PackRefused([`it has to be a JSON object with a list for each of ${policyNames.join(', ')}`])
  const reasons: string[] = Object.keys(file)
    .filter(name => !policyNames.includes(name as PolicyName))
    .map(() => `there is a policy that is none of ${policyNames.join(', ')}`)
  const pack = Object.fromEntries(policyNames.map(name => [name, listIn(name, file[name], reasons)])) as unknown as PolicyPack
  const all = Object.values(pack).flat()
  if (!demoAllowed && all.some(({ data }) => 'demo' in data && data.demo))
    reasons.push('an assessment, a policy document or the contacts in it are marked as demo: in production each is of this service')
  if (reasons.length === 0) reasons.push(...notInForce(all, now))
  if (reasons.length > 0) throw new PackRefused(reasons)
  return pack
}

function listIn(name: PolicyName, list: unknown, reasons: string[]): readonly PolicyEvent[] {
  // What a pack of an older release does not name says nothing.
  if (list === undefined && mayLack.includes(name)) return []
  if (!Array.isArray(list)) {
    reasons.push(`${name} has to be a list`)
    return []
  }
  return list.flatMap((one: unknown, n) => {
    const definition = isObject(one) && typeof one['type'] === 'string' ? definitions.get(one['type']) : undefined
    if (!definition || policyOf[definition.type] !== name) {
      const known = [...definitions.keys()].filter(type => policyOf[type as PolicyEvent['type']] === name)
      reasons.push(`${name}[${n}].type has to be ${known.join(' or ')}`)
      return []
    }
    const read = definition.data.safeParse((one as { readonly data?: unknown }).data)
    if (read.success) return [{ type: definition.type, data: read.data } as PolicyEvent]
    reasons.push(...read.error.issues.map(({ path, message }) => `${[`${name}[${n}].data`, ...path].join('.')}: ${message}`))
    return []
  })
}

const meta = { eventId: '', actor: undefined, occurredAt: '', recordedAt: '', position: 0n, revision: 0n } as never
/** Whether decisions could be made on it now. */
function notInForce(events: readonly PolicyEvent[], now: string): readonly string[] {
  const published = events.reduce((was, { type, data }) => policy.evolve[type](was, data as never, meta), policy.initial)
  try {
    policyFacts([published], now)
    return []
  } catch (error) {
    if (!(error instanceof NoPolicyInForce)) throw error
    return [error.message]
  }
}
