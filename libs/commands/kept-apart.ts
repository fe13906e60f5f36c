import { hubRefusals } from '#domain/access/events'
import { incident } from '#domain/incident/incident'

const prefixes = [incident.category, hubRefusals.category].map(category => `${category}-`)

/** C40: whether what is on this stream is there for the parties of an incident alone: no history shows it, no leaf says what it is. */
export const isKeptApart = (stream: string): boolean => prefixes.some(prefix => stream.startsWith(prefix))
