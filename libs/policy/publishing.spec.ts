import { specFor } from '#decider/spec'
import { defaultPack } from './default-pack.js'
import { NoticeVersionPublished, PurposeRegistered, RetentionPolicyPublished } from './events.js'
import { policy } from './policy.js'
import { publishNotice, publishRetentionPolicy, registerPurpose } from './publishing.js'

const { given } = specFor(policy)
const now = '2026-11-01T09:00:00.000Z'
const later = '2027-04-01T00:00:00.000Z'
const notice = NoticeVersionPublished.of({ version: 'N-2', effectiveFrom: later, title: 'IPS privacy notice', bases: ['a', 'f'] })
const publish = (asked: object, notices: readonly (typeof notice.data)[] = []) =>
  publishNotice.decide({ ...notice.data, ...asked }, { now, notices })

test('[C03] a version holds from when it says, and from when it is published where it does not', () => {
  given(...defaultPack.notice)
    .when(publish({}))
    .then(notice)
  given(...defaultPack.notice)
    .when(publish({ effectiveFrom: undefined }))
    .then({ ...notice, data: { ...notice.data, effectiveFrom: now } })
})
test('[C03] what held at a time stays so: a version is published once, ahead, and in order', () => {
  given(...defaultPack.notice, notice)
    .when(publish({ title: 'Another' }))
    .thenRefused({ code: 'POLICY_VERSION_TAKEN' })
  given(...defaultPack.notice)
    .when(publish({ effectiveFrom: '2026-11-01T08:59:59.999Z' }))
    .thenRefused({ code: 'POLICY_NOT_AHEAD' })
  given(...defaultPack.notice, notice)
    .when(publish({ version: 'N-3', effectiveFrom: '2027-03-31T00:00:00.000Z' }))
    .thenRefused({ code: 'POLICY_NOT_AHEAD' })
  given(...defaultPack.notice, notice)
    .when(publish({ version: 'N-3' }))
    .then({ ...notice, data: { ...notice.data, version: 'N-3' } })
})
test('[C04] each purpose has versions of its own', () => {
  const care = PurposeRegistered.of({ version: 'P-2', effectiveFrom: later, purpose: 'HEALTHCARE', categories: ['HLT'] })
  const register = (purpose: string) => registerPurpose.decide({ ...care.data, purpose } as never, { now, notices: [] })
  given(...defaultPack.purposes, care)
    .when(register('HEALTHCARE'))
    .thenRefused({ code: 'POLICY_VERSION_TAKEN' })
  given(...defaultPack.purposes, care)
    .when(register('STATISTICS'))
    .then({ ...care, data: { ...care.data, purpose: 'STATISTICS' } })
})
describe('[C53] another retention period', () => {
  const shorter = RetentionPolicyPublished.of({ version: 'R-2', effectiveFrom: later, yearsAfterServiceEnd: 8 })
  const decide = (asked: object, ...notices: readonly string[]) =>
    given(...defaultPack.retention).when(
      publishRetentionPolicy.decide(
        { ...shorter.data, ...asked },
        { now, notices: notices.map(effectiveFrom => ({ ...notice.data, effectiveFrom })) },
      ),
    )
  const before = (defaultPack.retention[0]?.data as typeof shorter.data).effectiveFrom
  test('needs a notice since the last one, that holds from the same time or from before', () => {
    for (const notices of [[], [before], ['2027-04-01T00:00:00.001Z']]) decide({}, ...notices).thenRefused({ code: 'NOTICE_NOT_UPDATED' })
    for (const notices of [[later], ['2026-12-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z']]) decide({}, ...notices).then(shorter)
  })
  test('of the same length needs none', () => {
    decide({ yearsAfterServiceEnd: 10 }).then({ ...shorter, data: { ...shorter.data, yearsAfterServiceEnd: 10 } })
  })
})
