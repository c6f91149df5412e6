/**
 * One step of the schema. Plain DDL in the schema `public`, run in one transaction as the template's owner: no GRANT
 * (the operator's default privileges do that), no extension, no role. A step only adds or widens what the previous
 * release uses, which goes on serving meanwhile; what takes something away raises `oldestSupported`.
 */
export interface Migration {
  version: number;
  name: string;
  /** The lowest schema version that a release still serving on this schema may have been built for. */
  oldestSupported: number;
  /** In order. They travel together, so that a step costs one round trip, however much it has to say. */
  statements: readonly string[];
}
