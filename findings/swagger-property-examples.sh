#!/usr/bin/env bash
# `examples` of @ApiProperty, which its types take, makes the OpenAPI document of @nestjs/swagger invalid.
#
# Versions: @nestjs/swagger 12.0.2, @nestjs/common, core and platform-fastify 12.5, @apidevtools/swagger-parser 13.0.0, typescript 6.0.3.
# One would guess: an option that the types of the decorator offer has a place in the document that it writes; or it is turned into
# `example`, which is what a schema of OpenAPI 3.0 has.
# Seen: the document says openapi 3.0.0, and its schema has the list `examples`, which came with 3.1 and which 3.0 does not allow in a
# schema. A document with `example` of the same decorator is valid.
#
# Output seen:
#   3.0.0 example: valid
#   3.0.0 examples: not valid
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
cat > package.json <<'JSON'
{ "private": true, "type": "module" }
JSON
npm install --silent --no-audit --no-fund --save-exact @nestjs/common@12.5.1 @nestjs/core@12.5.1 @nestjs/platform-fastify@12.5.0 \
  @nestjs/swagger@12.0.2 reflect-metadata@0.2.2 rxjs@7.8.2 typescript@6.0.3 @types/node@20.19.43 @apidevtools/swagger-parser@13.0.0
cat > app.ts <<'TS'
import 'reflect-metadata'
import { Controller, Get, Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { ApiOkResponse, ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import { writeFileSync } from 'node:fs'

class One {
  @ApiProperty({ type: String, example: 'oak' }) tree!: string
}
class Several {
  @ApiProperty({ type: String, examples: ['oak', 'ash'] }) tree!: string
}
async function written(name: string, answer: Type) {
  @Controller('trees')
  class Trees {
    @Get() @ApiOkResponse({ type: answer }) all() {
      return {}
    }
  }
  @Module({ controllers: [Trees] })
  class App {}
  const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false })
  writeFileSync(name, JSON.stringify(SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Trees').build())))
  await app.close()
}
await written('example.json', One)
await written('examples.json', Several)
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
node app.js
cat > judge.mjs <<'JS'
import SwaggerParser from '@apidevtools/swagger-parser'
import { readFileSync } from 'node:fs'
for (const name of ['example', 'examples']) {
  const { openapi } = JSON.parse(readFileSync(`${name}.json`, 'utf8'))
  const said = await SwaggerParser.validate(`${name}.json`).then(() => 'valid', () => 'not valid')
  console.log(`${openapi} ${name}: ${said}`)
}
JS
said=$(node judge.mjs)
echo "$said"
diff - <(echo "$said") <<'SEEN' && echo 'as written down'
3.0.0 example: valid
3.0.0 examples: not valid
SEEN
