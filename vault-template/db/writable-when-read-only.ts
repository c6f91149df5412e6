/**
 * Tables that a read-only vault still writes, so that people can log in and out. The chart's VaultTemplate says the
 * same in `spec.writableWhenReadOnly`.
 */
export const writableWhenReadOnly: readonly string[] = ["login_links", "sessions"];
