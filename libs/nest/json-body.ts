import type { FastifyInstance, FastifyRequest } from 'fastify'
import { NotIJson, type Room, parseIJson } from '#event-kit/i-json'
import { refusedAs } from './problems.js'

export const bodyLimit = 1_000_000
/** Twice what the largest request needs that is right: whoever is refused was not walked through first. */
export const bodyRoom: Room = { depth: 16, fields: 200, values: 20_000 }
/** Whoever does not send all of it does not read the answer either: it says in the log and the metrics whose fault it was. */
const broken = 'the body must be sent whole: the connection broke before its end'
/** A client that sends more than the limit can read the answer only if what it sends is taken off the wire; up to here it is. */
const drainLimit = 16 * 1024 * 1024

/**
 * Bodies are I-JSON objects in UTF-8: no duplicate keys, no deep nesting, no lone surrogates, no more fields and items than a request can
 * need. @throws (by reply) INVALID_REQUEST, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE
 */
export function acceptJsonBodies(fastify: FastifyInstance) {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser(
    /^application\/(json|.+\+json)(;|$)/i,
    (_request: FastifyRequest, payload: NodeJS.ReadableStream, done: (error: Error | null, body?: unknown) => void) => {
      readBody(payload).then(
        body => {
          done(null, body)
        },
        (error: unknown) => {
          done(error as Error)
        },
      )
    },
  )
  fastify.addContentTypeParser(
    '*',
    (_request: FastifyRequest, payload: NodeJS.ReadableStream, done: (error: Error | null, body?: unknown) => void) => {
      collect(payload).then(
        body => {
          done(body.length === 0 ? null : refusedAs('UNSUPPORTED_MEDIA_TYPE'))
        },
        (error: unknown) => {
          done(error as Error)
        },
      )
    },
  )
}

async function readBody(payload: NodeJS.ReadableStream): Promise<unknown> {
  const bytes = await collect(payload)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new NotIJson('the body must be UTF-8')
  }
  const value = parseIJson(text, bodyRoom)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new NotIJson('the body must be a JSON object')
  return value
}

async function collect(payload: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of payload) {
      const bytes = chunk as Buffer
      size += bytes.length
      if (size > drainLimit) break
      if (size <= bodyLimit) chunks.push(bytes)
      else chunks.length = 0
    }
  } catch {
    // In the words of the network, as of a database that is away: it is the client that is.
    throw refusedAs('INVALID_REQUEST', [{ rule: broken }])
  }
  if (size > bodyLimit) throw refusedAs('BODY_TOO_LARGE')
  return Buffer.concat(chunks)
}
