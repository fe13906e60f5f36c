import { within } from '#decider/decider'
import { type WishCheck, type WishCheckStep, evolveWishCheck } from '#domain/person/intake/wish-check'
import type { Case } from './facts.js'

/** Whether somebody asks the person: the domain's own step. */
export const onWishCheck = within<Case, WishCheck | undefined, WishCheckStep>(evolveWishCheck, {
  take: ({ facts }) => facts.wishCheck,
  put: (was, wishCheck) => {
    const { wishCheck: _, ...facts } = was.facts
    return { ...was, facts: wishCheck ? { ...facts, wishCheck } : facts }
  },
})
