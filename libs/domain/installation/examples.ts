import { type ExampleOfEach, inventedAt as at, inventedId } from '#event-kit/examples'
import { InstallationBegun, type InstallationEvent } from './events.js'

/** One example of every event of this context, every optional field filled. */
export const installationExamples = {
  InstallationBegun: InstallationBegun.of({ logId: inventedId(60), vaultId: inventedId(61), at }),
} satisfies ExampleOfEach<InstallationEvent>
