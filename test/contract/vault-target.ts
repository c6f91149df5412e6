/** A finished run of the vault's program. */
export interface Finished {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** A vault that serves. */
export interface RunningVault {
  /** As visitors reach it; also its PUBLIC_URL. */
  publicUrl: string;
  internalUrl: string;
  /** Asks it to stop (SIGTERM) and resolves with the exit code when it has. */
  terminate(): Promise<number>;
  /** What it has written so far. */
  output(): string;
}

export type VaultEnvironment = Record<string, string>;

/** What the platform says while a vault runs. */
export interface SettingsFolder {
  path: string;
  /** Replaces all files at once, as the kubelet does. */
  publish(values: VaultEnvironment): Promise<void>;
  /** How long it may take until the vault sees them, in milliseconds. */
  withinMs: number;
}

/**
 * Something that keeps the vault contract: a program on this machine, or an image in a pod. PUBLIC_URL, PORT and
 * INTERNAL_PORT are the target's to choose; everything else comes from the suite.
 */
export interface VaultTarget {
  /** Starts `serve` and resolves when the liveness probe answers. */
  serve(environment: VaultEnvironment): Promise<RunningVault>;
  /** Runs `serve` with an environment that may be wrong, for at most ten seconds. */
  tryToServe(environment: VaultEnvironment): Promise<Finished>;
  /** A folder for SETTINGS_DIR, with a file for each of these. */
  newSettings(values: VaultEnvironment): Promise<SettingsFolder>;
  migrate(list: string, by: "file" | "stdin"): Promise<Finished>;
}

/** Where a fresh database can be reached by those who may. */
export interface TemplateDatabase {
  name: string;
  /** The server's superuser in this database: for looking, and for taking it away. */
  adminUrl: string;
  migratorUrl: string;
  /** Login of a vault that may write, and of one that is read-only. Both own nothing. */
  rwUrl: string;
  roUrl: string;
  /** Makes `spec.writableWhenReadOnly` true; to be called when the tables are there. */
  grantWhenReadOnly(): Promise<void>;
  /** Ends every session and lets nobody in, as in a restart or a restore. */
  takeAway(): Promise<void>;
  bringBack(): Promise<void>;
}

/** What the VaultTemplate and the VaultRelease say of the application. */
export interface DeclaredTemplate {
  schemaVersion: number;
  meters: readonly { name: string; unit: string; sql: string }[];
  writableWhenReadOnly: readonly string[];
}

/** What only the application knows: how its owner is found and what a write looks like. */
export interface ApplicationProbes {
  /** Mail addresses of the members with the role owner, asked with superuser rights. */
  owners(adminUrl: string): Promise<string[]>;
  /** Logs the owner in and does something that writes; the answer to it. */
  writeAsOwner(vault: RunningVault, ownerEmail: string): Promise<Response>;
  /** A page that is answered 200 without the database, and a request that needs it. */
  openPath: string;
  askDatabase(vault: RunningVault): Promise<Response>;
}

export interface ContractGround {
  target: VaultTarget;
  declared: DeclaredTemplate;
  probes: ApplicationProbes;
  /** SMTP server that the vaults under test reach. */
  smtpUrl: string;
  newDatabase(): Promise<TemplateDatabase>;
}
