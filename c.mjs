await import(process.argv[2]); const m = await import('@nestjs/cqrs'); console.log(String(Reflect.getMetadata('providers', m.CqrsModule)[0]).slice(0,40))
