import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { problemOf } from '#nest/problems'
import { correlationIdOf } from '#nest/request'

const all: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * A path that is known says to another method which it has: 405 with Allow. It hears of the routes from now on. @returns what adds the
 * answers for the other methods, once every route is there
 */
export function hearOfMethods(fastify: FastifyInstance): () => void {
  const methods = new Map<string, Set<string>>()
  let heard = false
  fastify.addHook('onRoute', ({ url, method }) => {
    if (!heard) methods.set(url, new Set([...(methods.get(url) ?? []), ...[method].flat()]))
  })
  return () => {
    heard = true
    for (const [url, known] of methods) {
      const others = all.filter(method => !known.has(method))
      if (url === '*' || others.length === 0) continue
      const allow = all.filter(method => known.has(method)).join(', ')
      const answer = (request: FastifyRequest, reply: FastifyReply) => refuse(request, reply, allow)
      // Before the body is read: there is nothing that it could be for.
      fastify.route({ method: others, url, preParsing: answer, handler: answer })
    }
  }
}

async function refuse(request: FastifyRequest, reply: FastifyReply, allow: string) {
  const problem = problemOf({ code: 'METHOD_NOT_ALLOWED' }, [], correlationIdOf(request))
  return reply
    .status(405)
    .header('Allow', allow)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem))
}
