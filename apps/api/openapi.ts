import 'reflect-metadata'
import { Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger'
import { completed } from '#nest/document'
import { Problem } from '#nest/problems'
import { controllers } from './doors.js'
import { examples } from './examples.js'
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

/** The groups in which the document shows the doors. */
const tags = {
  audit: 'The audit ledger, audits, samples and findings',
  breach: 'Personal data breaches and their 72 hours',
  incident: 'Incidents of the Hub, for those who are let at them',
  contact: 'How people want to be reached, contacts, messages, and who has had which notice',
  consent: 'Consent forms and withdrawals',
  disclosure: 'What is shared with whom, by whom it is approved, and its receipts',
  episode: 'The use of the service: who supports the person, employers, jobs, its end',
  erasure: 'Requests for erasure, their decision and their certificates',
  health: 'For whoever looks after the service',
  intake: 'Referrals, up to their acceptance',
  policies: 'The policies: the codes of those in force, with their words, and what is published next',
  record: 'What is on record about a person',
  standing: 'What stands about a person: orders, panels, risks, concerns, a death',
  staff: 'Who may act, and in which role',
} as const

export function documentOf(app: NestFastifyApplication): OpenAPIObject {
  const description =
    'Every refusal is problem+json with a closed code, the rule, the clause of the privacy notice behind it, '
    + 'and what would make it allowed. A method that a path does not have is 405, with those that it has in Allow. '
    + 'A token: npm run token -- --role dpo --sub dpo-1'
  const config = new DocumentBuilder()
    .setTitle('Caseledger')
    .setVersion('1')
    .setDescription(description)
    .addServer('/', 'This installation')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'A token of the issuer that this installation trusts.',
    })
    .addSecurity('metrics', { type: 'http', scheme: 'bearer', description: 'CASELEDGER_METRICS_TOKEN, where it is set.' })
  for (const [tag, says] of Object.entries(tags)) config.addTag(tag, says)
  const document = SwaggerModule.createDocument(app, config.build(), {
    extraModels: [Problem, MaskedValue, ErasedValue],
    operationIdFactory: (controller, method) => [controller.replace(/Controller$/, ''), ...(method === 'run' ? [] : [method])].join('.'),
  })
  document.info.contact = { name: 'Whoever runs this installation' }
  // What the word means, says the registry whose word it is.
  document.info.license = { name: 'UNLICENSED', url: 'https://docs.npmjs.com/cli/configuring-npm/package-json#license' }
  return completed(document, examples)
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
