/**
 * One step of the registry's schema. Steps only expand or contract: the release before this one must keep working on
 * the schema that it leaves behind, as both serve side by side while a release rolls out.
 */
export interface Migration {
  /** Stays as it is for ever once released. */
  readonly name: string;
  readonly sql: string;
}
