import 'reflect-metadata'
import { Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger'
import { Problem } from '#nest/problems'
import { controllers } from './doors.js'
import { ErasedValue, MaskedValue } from './values.js'

/** Everything stands under /v1, but what others ask by addresses that are not ours to choose. */
export function placeUnderVersion(app: NestFastifyApplication) {
  app.setGlobalPrefix('v1', {
    exclude: [
      'health/live',
      'health/ready',
      'metrics',
      'ledger/checkpoint',
      'ledger/policy',
      'ledger/tile/entries/*',
      'ledger/tile/:level/*',
      'ledger/proofs/:eventId',
    ],
  })
}

export function documentOf(app: NestFastifyApplication): OpenAPIObject {
  const description =
    'Every refusal is problem+json with a closed code, the rule, the clause of the privacy notice behind it, '
    + 'and what would make it allowed. A token: npm run token -- --role dpo --sub dpo-1'
  const config = new DocumentBuilder().setTitle('Caseledger').setVersion('1').setDescription(description).addBearerAuth().build()
  return SwaggerModule.createDocument(app, config, {
    extraModels: [Problem, MaskedValue, ErasedValue],
    operationIdFactory: (controller, method) => [controller.replace(/Controller$/, ''), ...(method === 'run' ? [] : [method])].join('.'),
  })
}

/** What the doors lean on: named, because Nest asks who it would be, and never made. */
const behind = new Set<Type>([
  CommandBus,
  QueryBus,
  ...controllers.flatMap(door => (Reflect.getMetadata('design:paramtypes', door) ?? []) as readonly Type[]),
])
@Module({ controllers: [...controllers], providers: [...behind].map(provide => ({ provide, useValue: undefined })) })
class DoorsAlone {}

/** What the API says of itself, from its doors alone: none is opened, and nothing behind them is there. */
export async function apiDocument(): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(DoorsAlone, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  })
  placeUnderVersion(app)
  return documentOf(app)
}
