import { changePlan } from "./change-plan.ts";
import { create } from "./create.ts";
import { deleteForGood, retain } from "./delete.ts";
import type { Operation } from "./operation.ts";
import { massDelete } from "./mass-delete.ts";
import { readOnly, readWrite } from "./read-only.ts";
import { rename } from "./rename.ts";
import { drift } from "./drift.ts";
import { reregister } from "./reregister.ts";
import { restore } from "./restore.ts";
import { rotateDatabase, rotateSigning } from "./rotate.ts";
import { resume, suspend } from "./suspend.ts";
import { upgrade } from "./upgrade.ts";

/** In the order of a tenant's life. */
export const operations: readonly Operation[] = [
  create,
  changePlan,
  rename,
  rotateDatabase,
  rotateSigning,
  upgrade,
  readOnly,
  readWrite,
  suspend,
  resume,
  drift,
  retain,
  restore,
  deleteForGood,
  reregister,
  massDelete,
];

export const operationOf = (name: string): Operation => {
  const found = operations.find((operation) => operation.name === name);
  if (found) return found;
  throw new Error(`There is no operation "${name}". There are: ${operations.map((one) => one.name).join(", ")}.`);
};
