import type { VoicePart } from "../voice-parts/voice-part.ts";

/** Roles inside one choir, most powerful first. */
export const roles = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof roles)[number];

/** Roles that a person can be invited to. Ownership comes from the platform alone (OWNER_EMAIL). */
export const invitableRoles = ["admin", "member", "viewer"] as const;
export type InvitableRole = (typeof invitableRoles)[number];

export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  namedByPlatform: boolean;
  joinedAt: Date;
  firstLoginAt: Date | null;
  /** Null when it was not said, and in releases that do not ask. */
  voicePart: VoicePart | null;
}

/** Owners and admins bring people in and see how to reach them. */
export const managesMembers = (role: Role): boolean => role === "owner" || role === "admin";
