import { Injectable } from '@nestjs/common'
import type { BlindIndex, SubjectKeys } from '#subject-keys/subject-keys'

/** The vault, as the doors are given it. */
@Injectable()
export class Vault {
  constructor(readonly keys: SubjectKeys & BlindIndex) {}
}
