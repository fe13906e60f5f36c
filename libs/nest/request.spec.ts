import { type AuthenticatedRequest, requestFactsOf } from './request.js'

const id = '5b0c1f0a-9f0e-4c55-8d2b-0a1b2c3d4e5f'
const pathOf = (url: string, params: Readonly<Record<string, string>>) =>
  requestFactsOf({
    actor: { id: 'one', role: 'dpo' },
    headers: {},
    method: 'POST',
    routeOptions: { url },
    params,
  } as unknown as AuthenticatedRequest).path

test('the path that a command is known by is what most callers write: those of earlier releases are found by it', () => {
  expect(pathOf('/v1/subjects/:subjectRef/consent-forms', { subjectRef: id })).toBe(`/v1/subjects/${id}/consent-forms`)
  expect(pathOf('/v1/referrals', {})).toBe('/v1/referrals')
})
test('ids stand in small letters, whatever else as it has to be written in a URL', () => {
  expect(pathOf('/v1/audits/:auditId/samples/:index', { auditId: id.toUpperCase(), index: 'a/b' })).toBe(`/v1/audits/${id}/samples/a%2Fb`)
  expect(pathOf('/ledger/tile/entries/*', { '*': 'x000/001' })).toBe('/ledger/tile/entries/x000%2F001')
})
