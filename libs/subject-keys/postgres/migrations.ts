import type { SqlMigration } from '#kernel/migration'
import { vault } from './migrations/0001-vault.js'
import { lifecycle } from './migrations/0002-lifecycle.js'
import { retirements } from './migrations/0003-retirements.js'
import { epochsByKey } from './migrations/0004-epochs-by-key.js'
import { reservationsInOrder } from './migrations/0005-reservations-in-order.js'
import { mark } from './migrations/0006-mark.js'
import { partsGoOn } from './migrations/0007-parts-go-on.js'
import { corrections } from './migrations/0008-corrections.js'

/** In the order in which they came; one that was released is never edited. */
export const vaultMigrations: readonly SqlMigration[] = [
  vault,
  lifecycle,
  retirements,
  epochsByKey,
  reservationsInOrder,
  mark,
  partsGoOn,
  corrections,
]
