import { randomUUID } from "node:crypto";

const wellFormed = /^[A-Za-z0-9][A-Za-z0-9_.-]{7,63}$/;

/** The request's own id where it carries a well-formed one (so that a caller finds it again in our logs), else a new one. */
export const requestIdOf = (given: string | string[] | undefined): string =>
  typeof given === "string" && wellFormed.test(given) ? given : randomUUID();
