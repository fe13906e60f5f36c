import { ApiProperty } from '@nestjs/swagger'

/** An event that a command led to. */
export class EventAnswer {
  @ApiProperty({ format: 'uuid' }) id!: string
  @ApiProperty() type!: string
}

/** What every command answers. */
export class CommandAnswer {
  @ApiProperty({ description: 'The stream’s revision after the command: a decimal string, as in the ETag.' }) revision!: string
  @ApiProperty({
    description: 'The log’s position after the command: give it as `after` to a query that has to show the command’s effect.',
  })
  position!: string
  @ApiProperty({ type: () => [EventAnswer] }) events!: readonly EventAnswer[]
}

export class SubjectAnswer extends CommandAnswer {
  @ApiProperty({ format: 'uuid' }) subjectRef!: string
}
