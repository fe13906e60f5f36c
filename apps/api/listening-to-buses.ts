import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { type Observable, Subscription } from 'rxjs'
import { Metrics } from '#telemetry/metrics'
import { tellRequest } from '#telemetry/spans'

/** Counts what is asked of the buses, and names it in the span of its request: no door and no handler knows of it. */
@Injectable()
export class ListeningToBuses implements OnModuleInit, OnModuleDestroy {
  readonly #listening = new Subscription()

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit() {
    this.#listenTo('command', this.commands)
    this.#listenTo('query', this.queries)
  }

  onModuleDestroy() {
    this.#listening.unsubscribe()
  }

  #listenTo(bus: 'command' | 'query', messages: Observable<object>) {
    this.#listening.add(
      messages.subscribe(({ constructor: { name } }) => {
        this.metrics.asked(bus, name)
        tellRequest({ 'caseledger.bus': bus, 'caseledger.message': name })
      }),
    )
  }
}
