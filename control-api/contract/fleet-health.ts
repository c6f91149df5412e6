import { z } from "zod";
import { platform, route } from "./route-contract.ts";

export const FleetHealth = z
  .object({
    phases: z.record(z.string(), z.int()).meta({
      description: "Vaults by phase, as their Tenants last said: no vault is asked, so none is woken.",
    }),
    awaitingApproval: z.int().meta({ description: "Organizations that staff are to approve or reject." }),
    work: z
      .object({
        failing: z.int().meta({ description: "Tried without success, and tried again by itself." }),
        dead: z.int().meta({ description: "Given up." }),
      })
      .meta({ description: "Mails to send, Tenants to write." }),
  })
  .meta({ id: "FleetHealth" });
export type FleetHealth = z.infer<typeof FleetHealth>;

export const getFleetHealth = route({
  method: "get",
  path: "/api/admin/health",
  summary: "How many vaults are how, and what waits for staff",
  tag: "Platform",
  allow: platform("support"),
  limit: "read",
  status: 200,
  reply: FleetHealth,
});
