import { deletionCrashContract } from "../contract/deletion-crash-contract.ts";
import { openRealDeletionStage } from "./deletion-stage.ts";

// Each run waits seconds for the namespace controller; test/faults kills at every write, and the pretended servers do too.
deletionCrashContract("an API server and PostgreSQL", openRealDeletionStage, { everyKill: 15, withinMs: 60_000 });
