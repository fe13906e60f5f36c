import { InMemorySubjectKeys } from '#subject-keys/memory'
import { subjectKeysContract } from './subject-keys.contract.js'

const keys = new InMemorySubjectKeys()

subjectKeysContract('memory', {
  open: () => Promise.resolve({ keys, close: () => Promise.resolve() }),
  breakStore: () => {
    keys.unreachable = true
    return Promise.resolve(() => {
      keys.unreachable = false
      return Promise.resolve()
    })
  },
  loseKey: kid => {
    keys.lose(kid)
    return Promise.resolve()
  },
})
