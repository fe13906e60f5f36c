import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Type } from '@nestjs/common'
import type { AnyDefinition } from '#commands/write-rules'
import { Door } from '#nest/door-of'

const folder = new URL('doors/', import.meta.url)
/** By what Nest itself knows them. */
const ofControllers = '__controller__'
const ofHandlers: readonly unknown[] = ['__commandHandler__', '__queryHandler__']
const isDoors = /\.doors?\.[jt]s$/

/**
 * Every door: whatever the files of the folder export, made by `doorOf` and its like or written by hand as controllers and handlers. There
 * is no list to keep.
 */
async function found() {
  const [controllers, providers, definitions] = [new Set<Type>(), new Set<Type>(), new Set<AnyDefinition>()]
  for (const file of readdirSync(fileURLToPath(folder)).filter(name => isDoors.test(name) && !name.endsWith('.d.ts'))) {
    const exported = (await import(new URL(file, folder).href)) as Readonly<Record<string, unknown>>
    for (const value of Object.values(exported)) {
      if (value instanceof Door) {
        for (const controller of value.controllers) controllers.add(controller)
        for (const provider of value.providers) providers.add(provider)
        if (value.definition) definitions.add(value.definition)
      } else if (typeof value === 'function') {
        const marks = Reflect.getMetadataKeys(value) as readonly unknown[]
        if (marks.includes(ofControllers)) controllers.add(value as Type)
        if (marks.some(mark => ofHandlers.includes(mark))) providers.add(value as Type)
      }
    }
  }
  return { controllers: [...controllers], providers: [...providers], definitions: [...definitions] }
}

export const { controllers, providers, definitions } = await found()
