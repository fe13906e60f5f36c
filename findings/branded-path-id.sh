#!/usr/bin/env bash
# A path parameter whose TypeScript type is a branded string is in the OpenAPI document when tsc compiled the controller, and is left
# out of it when swc did.
#
# Versions: @nestjs/swagger 12.0.2, @nestjs/common, core and platform-fastify 12.5, typescript 6.0.3, @swc/core 1.16.18.
# One would guess: both compilers are told to emit decorator metadata, so one source has one document; or a path with a template that no
# parameter fills, which OpenAPI does not allow, is an error.
# Seen: tsc follows the alias `OrderId` to a string and writes String. swc compiles a file by itself, does not know types, and writes
# Object. @nestjs/swagger leaves a path parameter of the type Object out without a word. Where the build is by tsc and the tests by
# @swc/jest, as is usual, a test that compares the document with the one that was written down compares two different ones.
#
# Output seen:
#   tsc: /plain/{orderId}: orderId; /branded/{orderId}: orderId
#   swc: /plain/{orderId}: orderId; /branded/{orderId}: none
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
cat > package.json <<'JSON'
{ "private": true, "type": "module" }
JSON
npm install --silent --no-audit --no-fund --save-exact @nestjs/common@12.5.1 @nestjs/core@12.5.1 @nestjs/platform-fastify@12.5.0 \
  @nestjs/swagger@12.0.2 reflect-metadata@0.2.2 rxjs@7.8.2 @swc/core@1.16.18 typescript@6.0.3 @types/node@20.19.43
cat > app.ts <<'TS'
import 'reflect-metadata'
import { Controller, Get, Module, Param } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

declare const brand: unique symbol
type OrderId = string & { readonly [brand]: 'Order' }

@Controller('plain')
class Plain {
  @Get(':orderId') one(@Param('orderId') orderId: string) {
    return orderId
  }
}
@Controller('branded')
class Branded {
  @Get(':orderId') one(@Param('orderId') orderId: OrderId) {
    return orderId
  }
}
@Module({ controllers: [Plain, Branded] })
class App {}

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false })
const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build())
const parametersOf = (path: string) =>
  `${path}: ${(paths[path]?.get?.parameters ?? []).map(one => ('name' in one ? one.name : '?')).join(', ') || 'none'}`
console.log(`${process.argv[2]}: ${parametersOf('/plain/{orderId}')}; ${parametersOf('/branded/{orderId}')}`)
await app.close()
TS
cat > tsconfig.json <<'JSON'
{
  "compilerOptions": {
    "target": "es2022", "module": "nodenext", "strict": true, "skipLibCheck": true, "types": ["node"],
    "experimentalDecorators": true, "emitDecoratorMetadata": true
  },
  "files": ["app.ts"]
}
JSON
npx tsc
said=$(node app.js tsc)
cat > swc.mjs <<'JS'
import { transformFileSync } from '@swc/core'
import { writeFileSync } from 'node:fs'
const { code } = transformFileSync('app.ts', {
  jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true }, target: 'es2022' },
  module: { type: 'es6' },
})
writeFileSync('app.js', code)
JS
node swc.mjs
said+=$'\n'$(node app.js swc)
echo "$said"
diff - <(echo "$said") <<'SEEN' && echo 'as written down'
tsc: /plain/{orderId}: orderId; /branded/{orderId}: orderId
swc: /plain/{orderId}: orderId; /branded/{orderId}: none
SEEN
