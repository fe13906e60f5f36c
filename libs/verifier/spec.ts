import type { LeafHeader } from './leaf-header.js'

const digest = { enc: 'jcs', sha256: `${'A'.repeat(43)}=`, len: 2 } as const
/** What the specs of leaves and bundles have in common: the header of a disclosure's leaf. */
export const header: LeafHeader = {
  v: 1,
  log: 'ledger.example/1',
  stream: 'person-00000000-0000-4000-8000-000000000001',
  rev: '3',
  id: '00000000-0000-4000-8000-000000000010',
  type: 'DataShared',
  pos: '412',
  created: '2026-11-01T09:00:01.000Z',
  data: digest,
  meta: digest,
  prev: '',
  kids: [],
}
