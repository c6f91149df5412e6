import { Router } from "express";
import { invalidInput } from "../errors.ts";
import { field } from "../http/field.ts";
import { memberOf } from "../http/visit.ts";
import type { MemberService } from "../members/member-service.ts";
import { voicePartOf, voiceParts } from "./voice-part.ts";

/** Saying which voice part one sings; an empty one takes it back. */
export function voicePartRoutes(members: MemberService): Router {
  const router = Router();
  router.post("/me/voice-part", async (request, response) => {
    const { id } = memberOf(request);
    const text = field(request, "voicePart");
    const part = voicePartOf(text);
    if (text !== "" && !part) throw invalidInput("/voicePart", `Give one of ${voiceParts.join(", ")}, or nothing.`);
    await members.sings(id, part ?? null);
    response.redirect(303, "/");
  });
  return router;
}
