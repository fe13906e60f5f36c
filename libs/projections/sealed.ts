import { Personal, type Sealed } from '#kernel/personal'

/** What a read model keeps of a personal value: its envelope. @throws TypeError for a value that is not sealed. */
export const envelopeOf = (value: Personal<unknown>): Sealed =>
  Personal.look(value, {
    sealed: sealed => sealed,
    fresh: () => {
      throw new TypeError('A read model holds sealed values only')
    },
  })
