import 'reflect-metadata'
import { Body, Controller, Inject, Optional, type Type } from '@nestjs/common'
import { Command, CommandBus, CommandHandler } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import { type AnyDefinition, aboutOf, refusalsOf } from '#commands/write-rules'
import { type At, type By, type CommandDefinition, purposeOf } from '#decider/command'
import type { Typed } from '#decider/decider'
import type { DecodedEvent } from '#event-codec/codec'
import type { Id } from '#kernel/id'
import { type RefusalCode, refusalText } from '#kernel/refusals'
import { type Capability, isNeverRefused, rolesThatMay } from '#policy/capabilities'
import type { PolicyFacts } from '#policy/policy'
import { Commands } from './door.js'
import { type Answered, FrontDesk, type Mint } from './front-desk.js'
import { named } from './named.js'
import { Refused, isRefusal } from './problems.js'
import { TheRequest, type RequestFacts } from './request.js'
import { IdInPath } from './validation.js'

type ParamsIn<Path extends string> = Path extends `${string}:${infer P}/${infer Rest}`
  ? P | ParamsIn<`/${Rest}`>
  : Path extends `${string}:${infer P}`
    ? P
    : never
/** The ids in a path, each of the kind that its name says: `:subjectRef` is a SubjectRef. */
export type IdsIn<Path extends string> = { readonly [P in ParamsIn<Path>]: Id<Capitalize<P>> }
/** What a decision needs beyond who and when. */
type Needs<F> = Omit<F, keyof (At & By)>

/** What a preparation is asked about. */
export type ToPrepare<I, B> = { readonly input: I; readonly body: B; readonly request: RequestFacts }
/** A door's own work before the decision: what has to be found out, or written, first. An injectable class: Nest gives it what it needs. */
export interface Preparation<I, B, N> {
  /** What is wrong with the request itself, before anything of it is kept. @throws Refused INVALID_REQUEST */
  check?(asked: ToPrepare<I, B>): Promise<void>
  /** The facts of the decision. @throws Refused */
  prepare(asked: ToPrepare<I, B>): Promise<N>
  /** Takes back what was written, once the command was refused and nothing of it is in the log. */
  takeBack?(asked: ToPrepare<I, B>): Promise<void>
  /** What is left to do once the command is in the log. A repeat does it again: whoever was first may not have lived to do it. */
  settle?(asked: ToPrepare<I, B>): Promise<void>
}

/** Where a decision needs more than who and when, the door says where from. */
type SaysWhereFrom<F> = object extends Needs<F> ? unknown : { readonly facts: unknown } | { readonly prepare: unknown }

/** What is asked and the ids of the path are the input as they are, or the door says how it is made of them. */
type SaysHow<I, B, Path extends string> = B & IdsIn<Path> extends I ? unknown : { readonly input: unknown }

/** What is left to write of a door: its path and body, how a body becomes the input, and what it answers. */
export type DoorOf<I, S, E extends Typed, C extends RefusalCode, F, Path extends string, B extends object, A extends object> = {
  readonly path: Path
  /** `<Door>.<method>`, by which an auditor's use of it is on record. It never changes; the command's own name unless told. */
  readonly operation?: `${string}.${string}`
  /** It makes something: 201, and where that is to be read, for something that is. */
  readonly creates?: true | ((answer: A, ids: IdsIn<Path>) => string)
  readonly body: Type<B>
  readonly input?: (body: B, ids: IdsIn<Path>, mint: Mint) => I
  /** Of the policies in force, and of whoever asks. */
  readonly facts?: (policy: PolicyFacts, by: By) => Needs<F>
  readonly prepare?: Type<Preparation<NoInfer<I>, NoInfer<B>, Needs<NoInfer<F>>>>
  readonly answers: Type<A>
  /** `found` is what there was before: what to answer of a command that changed nothing. */
  readonly answer: (input: I, events: readonly DecodedEvent<E>[], found: S) => Omit<A, keyof Answered['answer']>
  /** The field of the body behind a refusal that the decision made by a code. */
  readonly fields?: { readonly [R in C]?: string }
} & SaysWhereFrom<F>
  & SaysHow<I, B, Path>
/** A door that was made, with all that Nest has to know of it. */
export class Door {
  constructor(
    readonly controllers: readonly Type[],
    readonly providers: readonly Type[],
    /** Of a door for a command: what it was made from. */
    readonly definition?: AnyDefinition,
  ) {}
}

/** The door of a command, with its message on the bus: for a door that has several commands done. */
export class CommandDoor<Path extends string, B extends object, A extends object> extends Door {
  constructor(
    controllers: readonly Type[],
    providers: readonly Type[],
    definition: AnyDefinition,
    readonly Message: new (ids: IdsIn<Path>, body: B, request: RequestFacts) => Command<A>,
  ) {
    super(controllers, providers, definition)
  }
}

/**
 * The controller, the message on the bus and its handler, from a definition: roles, refusals and words are the definition's.
 * @param tag the group in which the API's document shows it
 */
export function doorOf<
  I,
  S,
  E extends Typed,
  C extends RefusalCode,
  F,
  K extends Capability,
  Path extends string,
  B extends object,
  A extends object,
>(tag: string, definition: CommandDefinition<I, S, E, C, F, K>, door: DoorOf<I, S, E, C, F, Path, B, A>): CommandDoor<Path, B, A> {
  const { name } = definition
  const Message = named(
    name,
    class extends Command<A> {
      constructor(
        readonly ids: IdsIn<Path>,
        readonly body: B,
        readonly request: RequestFacts,
      ) {
        super()
      }
    },
  )
  const Handler = named(
    `${name}Handler`,
    class {
      constructor(
        private readonly desk: FrontDesk,
        private readonly preparation?: Preparation<I, B, Needs<F>>,
      ) {}

      async execute({ ids, body, request }: InstanceType<typeof Message>): Promise<A> {
        const { desk, preparation } = this
        const input = door.input ? door.input(body, ids, desk.mintFor(request)) : ({ ...body, ...ids } as unknown as I)
        const commanded = { name, basis: definition.basis, purpose: purposeOf(definition, input), ...aboutOf(definition, input) }
        return desk.onRecord(commanded, request, async () => {
          const asked = { input, body, request }
          await preparation?.check?.(asked)
          if (preparation) await desk.assertMayBegin(definition, request, input)
          const prepared = await preparation?.prepare(asked)
          const facts = (policy: PolicyFacts, now: string) =>
            ({ now, actor: request.actor, ...prepared, ...door.facts?.(policy, { actor: request.actor }) }) as unknown as F
          try {
            const { events, answer, found } = await desk.decide(definition, request, input, facts)
            await preparation?.settle?.(asked)
            return { ...answer, ...door.answer(input, events, found) } as unknown as A
          } catch (error) {
            if (
              preparation?.takeBack
              && isRefusal(error)
              && !(await desk.wasAccepted(request, definition.aggregate, definition.streamId(input)))
            )
              await preparation.takeBack(asked)
            throw error instanceof Refused ? namingTheField(error, door.fields) : error
          }
        })
      }
    },
  )
  Inject(FrontDesk)(Handler, undefined, 0)
  if (door.prepare) Inject(door.prepare)(Handler, undefined, 1)
  else Optional()(Handler, undefined, 1)
  CommandHandler(Message)(Handler)
  const providers = [Handler, ...(door.prepare ? [door.prepare] : [])]
  return new CommandDoor([controllerOf(tag, definition, door, Message)], providers, definition, Message)
}

function controllerOf<
  I,
  S,
  E extends Typed,
  C extends RefusalCode,
  F,
  K extends Capability,
  Path extends string,
  B extends object,
  A extends object,
>(
  tag: string,
  definition: CommandDefinition<I, S, E, C, F, K>,
  { path, body, creates, answers, operation }: DoorOf<I, S, E, C, F, Path, B, A>,
  Message: new (ids: IdsIn<Path>, body: B, request: RequestFacts) => Command<A>,
): Type {
  const { name, says, clauses, capability, may = 'COMMAND' } = definition
  const params = [...path.matchAll(/:(\w+)/g)].map(([, param]) => param as ParamsIn<Path>)
  const [door = name, method = 'run'] = operation?.split('.') ?? []
  const OfDoor = named(
    `${door}Controller`,
    class {
      constructor(readonly commands: CommandBus) {}

      [method](...given: readonly unknown[]): Promise<A> {
        const ids = Object.fromEntries(params.map((param, n) => [param, given[n]])) as IdsIn<Path>
        const [asked, request] = given.slice(params.length) as [B, RequestFacts]
        return this.commands.execute(new Message(ids, asked, request))
      }
    },
  )
  Inject(CommandBus)(OfDoor, undefined, 0)
  const { prototype } = OfDoor
  for (const [n, param] of [...params.entries()].reverse()) IdInPath(param)(prototype, method, n)
  Body()(prototype, method, params.length)
  TheRequest()(prototype, method, params.length + 1)
  Reflect.defineMetadata('design:paramtypes', [...params.map(() => String), body, Object], prototype, method)
  const never = [capability].flat().every(isNeverRefused)
  Commands({
    path: '',
    ...(creates ? { creates } : {}),
    summary: clauses.length === 0 ? says : `${says} (${clauses.join(', ')})`,
    roles: rolesThatMay(capability, may),
    ...(never ? { underAudit: 'NOT_NEEDED' as const } : {}),
    refusals: refusalsOf(definition),
    answers,
  })(prototype, 'run', Object.getOwnPropertyDescriptor(prototype, method) as PropertyDescriptor)
  Controller(path)(OfDoor)
  ApiTags(tag)(OfDoor)
  return OfDoor
}

function namingTheField({ refusal, errors }: Refused, fields: Readonly<Record<string, string | undefined>> = {}): Refused {
  const field = fields[refusal.code]
  return new Refused(refusal, field === undefined ? errors : [{ field, rule: refusalText(refusal.code).rule }])
}
