import { once } from "node:events";
import { type Response, Router } from "express";
import type { Clock } from "../clock.ts";
import type { Pages } from "../http/pages.ts";
import { memberOf } from "../http/visit.ts";
import type { Member } from "../members/member.ts";
import { hasVoiceParts } from "../release.ts";
import { byteOrderMark, csvLine } from "./csv.ts";
import type { ExportService } from "./export-service.ts";

export interface ExportRoutesDeps {
  exports: ExportService;
  pages: Pages;
  clock: Clock;
}

/** Writes as fast as the other side reads. */
const write = async (response: Response, text: string): Promise<void> => {
  if (!response.write(text) && !response.destroyed)
    await Promise.race([once(response, "drain"), once(response, "close")]);
};

const asFile = (response: Response, type: string, name: string) =>
  response.type(type).set("Cache-Control", "no-store").set("Content-Disposition", `attachment; filename="${name}"`);

const memberView = ({ id, name, email, role, joinedAt, firstLoginAt, voicePart }: Member) => ({
  id,
  name,
  email,
  role,
  joinedAt: joinedAt.toISOString(),
  firstLoginAt: firstLoginAt?.toISOString() ?? null,
  ...(hasVoiceParts ? { voicePart } : {}),
});

/** GET /export/members.csv, for a spreadsheet. */
export function exportRoutes({ exports }: Pick<ExportRoutesDeps, "exports">): Router {
  const router = Router();
  router.get("/export/members.csv", async (request, response) => {
    const members = exports.members(memberOf(request));
    asFile(response, "text/csv; charset=utf-8", "members.csv");
    await write(response, byteOrderMark + csvLine(["name", "email", "role", "joined"]));
    for await (const { name, email, role, joinedAt } of members) {
      await write(response, csvLine([name, email, role, joinedAt.toISOString().slice(0, 10)]));
    }
    response.end();
  });
  return router;
}

/** GET /api/export: all that the choir has put into its vault, as one JSON document. */
export function exportApi({ exports, pages, clock }: ExportRoutesDeps): Router {
  const router = Router();
  router.get("/export", async (request, response) => {
    const by = memberOf(request);
    const members = exports.members(by);
    const invitations = (await exports.openInvitations(by)).map(({ id, email, role, invitedAt, expiresAt }) => ({
      id,
      email,
      role,
      invitedAt: invitedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
    const head = {
      format: "choir-vault/1",
      choir: pages.choir.name,
      exportedAt: clock.now().toISOString(),
      invitations,
    };
    asFile(response, "application/json", "choir.json");
    await write(response, `${JSON.stringify(head).slice(0, -1)},"members":[`);
    let separator = "\n";
    for await (const member of members) {
      await write(response, separator + JSON.stringify(memberView(member)));
      separator = ",\n";
    }
    response.end("\n]}\n");
  });
  return router;
}
