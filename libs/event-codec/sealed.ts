import { Personal, type Sealed } from '#kernel/personal'

/** The envelope of a personal value as it is stored: what a read model keeps of it. @throws TypeError for a value that is not sealed. */
export const envelopeOf = (value: Personal<unknown>): Sealed =>
  Personal.look(value, {
    sealed: sealed => sealed,
    fresh: () => {
      throw new TypeError('This value is not sealed yet')
    },
  })
