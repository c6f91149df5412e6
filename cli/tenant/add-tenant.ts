import type { Command } from "commander";
import type { Session } from "../session.ts";
import { addTenantApproveDeletions } from "./approve-deletions.ts";
import { addTenantCreate } from "./create.ts";
import { addTenantDelete } from "./delete.ts";
import { addTenantEdit } from "./edit.ts";
import { addTenantEvents } from "./events.ts";
import { addTenantExplain } from "./explain.ts";
import { addTenantGet } from "./get.ts";
import { addTenantLogs } from "./logs.ts";
import { addTenantLs } from "./ls.ts";
import { addTenantOpen } from "./open.ts";
import { addTenantPsql } from "./psql.ts";
import { addTenantRequests } from "./requests.ts";
import { addTenantStatus } from "./status.ts";
import { addTenantSwitches } from "./switches.ts";
import { addTenantUpgrade } from "./upgrade.ts";
import { addTenantWait } from "./wait.ts";

/** `tenant`: everything one does with vaults, in the order in which one needs it. */
export const addTenant = (program: Command, session: Session): void => {
  const tenant = program.command("tenant").alias("tenants").alias("tn").description("organizations' vaults");
  addTenantLs(tenant, session);
  addTenantGet(tenant, session);
  addTenantStatus(tenant, session);
  addTenantExplain(tenant, session);
  addTenantCreate(tenant, session);
  addTenantEdit(tenant, session);
  addTenantSwitches(tenant, session);
  addTenantUpgrade(tenant, session);
  addTenantRequests(tenant, session);
  addTenantDelete(tenant, session);
  addTenantApproveDeletions(tenant, session);
  addTenantWait(tenant, session);
  addTenantLogs(tenant, session);
  addTenantEvents(tenant, session);
  addTenantOpen(tenant, session);
  addTenantPsql(tenant, session);
};
