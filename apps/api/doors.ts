import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Type } from '@nestjs/common'
import type { AnyDefinition } from '#commands/write-rules'
import { Door } from '#nest/door-of'

const folder = new URL('doors/', import.meta.url)
const isDoors = /\.doors?\.[jt]s$/

/**
 * Every door: whatever the files of the folder export, made by `doorOf` and its like or written by hand as controllers and handlers. There
 * is no list to keep.
 */
async function found() {
  const [controllers, providers, definitions] = [new Set<Type>(), new Set<Type>(), new Set<AnyDefinition>()]
  for (const file of readdirSync(fileURLToPath(folder)).filter(name => isDoors.test(name) && !name.endsWith('.d.ts'))) {
    const exported = (await import(`./doors/${file.replace(/\.ts$/, '.js')}`)) as Readonly<Record<string, unknown>>
    for (const [name, value] of Object.entries(exported)) {
      if (value instanceof Door) {
        for (const controller of value.controllers) controllers.add(controller)
        for (const provider of value.providers) providers.add(provider)
        if (value.definition) definitions.add(value.definition)
      } else if (name.endsWith('Controller')) controllers.add(value as Type)
      else if (name.endsWith('Handler')) providers.add(value as Type)
    }
  }
  return { controllers: [...controllers], providers: [...providers], definitions: [...definitions] }
}

export const { controllers, providers, definitions } = await found()
