import type { z } from "zod";
import type { ProblemCode } from "./problems.ts";

export const roles = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof roles)[number];

/** Whether a role lets its bearer do what `least` may. */
export const isAtLeast = (role: Role, least: Role): boolean => roles.indexOf(role) <= roles.indexOf(least);

/**
 * Who may call a route. `anyone`: no login. `person`: whoever is logged in. `organization`: a member of the organization
 * in the path (`{slug}`) with at least this role. `platform`: the platform's own staff.
 */
export type Allow =
  | { readonly who: "anyone" }
  | { readonly who: "person" }
  | { readonly who: "organization"; readonly atLeast: Role }
  | { readonly who: "platform"; readonly atLeast: "support" | "admin" };

export const anyone = { who: "anyone" } as const;
export const person = { who: "person" } as const;
export const organization = <R extends Role>(atLeast: R) => ({ who: "organization", atLeast }) as const;
export const platform = <R extends "support" | "admin">(atLeast: R) => ({ who: "platform", atLeast }) as const;

/** How often it may be asked; the numbers stand in http/rate-limits.ts. */
export type Limit = "read" | "write" | "mail" | "guess";

/** A route as its clients see it. The server, the OpenAPI document, the CLI and the console all read this one value. */
export interface RouteContract {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As in OpenAPI, for example /api/organizations/{slug}. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  readonly allow: Allow;
  readonly limit: Limit;
  /** Status when all is well. */
  readonly status: 200 | 201 | 202 | 204;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** It answers with a file of one of these media types, in the place of `reply`. */
  readonly download?: readonly string[];
  /** Left out for 204. */
  readonly reply?: z.ZodType;
  /** It takes an Idempotency-Key: the same key gives the same answer for a day. */
  readonly idempotent?: boolean;
  /** Codes of problems that are its own, beside those every route may answer with. */
  readonly problems?: readonly ProblemCode[];
}

/** Keeps the exact types of a contract's schemas. */
export const route = <const C extends RouteContract>(contract: C): C => contract;
