import type { Affiliations } from "../../../../../control-api/contract/affiliations.ts";

type Link = Pick<Affiliations["invitations"][number], "uses" | "mostUses" | "expiresAt" | "revoked">;

/** What an umbrella's invitation link is still good for at `now`. Pure. */
export const linkState = (
  { uses, mostUses, expiresAt, revoked }: Link,
  now: Date,
): "open" | "used" | "expired" | "revoked" => {
  if (revoked) return "revoked";
  if (mostUses !== null && uses >= mostUses) return "used";
  return new Date(expiresAt) <= now ? "expired" : "open";
};
