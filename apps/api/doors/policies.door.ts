import { Controller, type Type } from '@nestjs/common'
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs'
import { ApiProperty, ApiTags } from '@nestjs/swagger'
import { Reads } from '#nest/door'
import { named } from '#nest/named'
import { shapeClass } from '#nest/shape-class'
import { rolesThatMay } from '#policy/capabilities'
import { type PolicyList, policyLists } from '#policy/lists'
import { CommandDesk } from '../command-desk.js'

class PolicyListAnswer {
  readonly items!: readonly object[]
}
export class ListPolicy extends Query<PolicyListAnswer> {
  constructor(readonly list: PolicyList) {
    super()
  }
}

@QueryHandler(ListPolicy)
export class ListPolicyHandler implements IQueryHandler<ListPolicy> {
  constructor(private readonly desk: CommandDesk) {}

  async execute({ list }: ListPolicy): Promise<PolicyListAnswer> {
    const now = this.desk.clock.now()
    return { items: list.items(await this.desk.policies.published(), now) }
  }
}

/** A method of the controller for each list: whatever is added there has a door, and its place in the API's document. */
@ApiTags('policies')
@Controller('policies')
export class PoliciesController {
  constructor(readonly queries: QueryBus) {}
}
for (const list of policyLists) {
  const { prototype } = PoliciesController
  const method = list.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const asks = {
    [method](this: PoliciesController) {
      return this.queries.execute(new ListPolicy(list))
    },
  }
  Object.defineProperty(prototype, method, { value: asks[method], configurable: true })
  const described = Object.getOwnPropertyDescriptor(prototype, method) as PropertyDescriptor
  Reads({
    path: list.name,
    summary: list.says,
    roles: rolesThatMay('READ_POLICIES', 'READ'),
    underAudit: 'NOT_NEEDED',
    refusals: [],
    answers: answerOf(list),
  })(prototype, method, described)
}

function answerOf({ item, shape }: PolicyList): Type {
  const type = named(item.replace(/Item$/, 'Items'), class {})
  ApiProperty({ type: () => [shapeClass(item, shape)] })(type.prototype, 'items')
  return type
}
