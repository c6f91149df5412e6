import type { InvitableRole } from "../members/member.ts";

export interface Invitation {
  id: string;
  email: string;
  role: InvitableRole;
  invitedAt: Date;
  expiresAt: Date;
}
