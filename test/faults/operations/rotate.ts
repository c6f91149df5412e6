import type { Operation } from "./operation.ts";
import { active, editTenant, findTenant, prepareTenant, tenantUnsettled } from "./steps.ts";

type Secret = "database" | "signing";

/** A rotation ends some time after its request: the old secret is let go last. */
const rotate = (secret: Secret, is: string): Operation => ({
  name: `rotate-${secret}`,
  is,
  serves: true,
  prepare: (world, subject) => prepareTenant(world, subject),
  act: (world, subject) =>
    editTenant(world, subject, {
      metadata: { annotations: { [`polyphony.dev/rotate-${secret}-requested-at`]: new Date().toISOString() } },
    }),
  unsettled: async (world, subject) => {
    const status = (await findTenant(world, subject))?.status;
    const version = status?.secretVersions?.[secret];
    if (version !== 2) return `the version of the ${secret} secret is ${version ?? "not known"}`;
    const rotation = status?.rotation?.[secret];
    if (rotation?.step !== undefined) return `the rotation is at ${rotation.step}`;
    return tenantUnsettled(world, subject, active);
  },
});

export const rotateDatabase = rotate("database", "a new database password is asked for: the other login takes over");
export const rotateSigning = rotate("signing", "a new signing key is asked for: announced first, then used");
