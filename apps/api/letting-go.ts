import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Outages } from '#telemetry/outages'

/** Longer than any answer needs that was begun, and less than a supervisor waits before it kills. */
const leaveWithin = 10_000

/**
 * A connection on which nothing is being answered goes at once when the closing begins, also one on which nothing was ever asked: Node
 * takes that one for busy, for a minute and more. One that is being answered is told that it was the last answer.
 */
export function letGo(fastify: FastifyInstance, outages: Outages) {
  let closing = false
  const idle = new Set<Socket>()
  const { server } = fastify
  server.on('connection', (socket: Socket) => {
    idle.add(socket)
    socket.once('close', () => idle.delete(socket))
  })
  // Node answers the requests of one connection one after another: the last answer to close leaves it idle.
  const answering = new WeakMap<Socket, number>()
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket)
    answering.set(socket, (answering.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = (answering.get(socket) ?? 1) - 1
      answering.set(socket, left)
      if (left > 0 || socket.destroyed) return
      if (closing) socket.end()
      else idle.add(socket)
    })
  })
  fastify.addHook('preClose', done => {
    closing = true
    outages.close()
    for (const socket of idle) socket.destroy()
    setTimeout(() => {
      server.closeAllConnections()
    }, leaveWithin).unref()
    done()
  })
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('Connection', 'close')
    done()
  })
}
