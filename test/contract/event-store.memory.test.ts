import { InMemoryEventStore } from '#event-store/memory/memory-event-store'
import { systemClock } from '#kernel/clock'
import { eventStoreContract } from './event-store.contract.js'

eventStoreContract('memory', { open: () => Promise.resolve(new InMemoryEventStore(systemClock)) })
