import { deletionCrashContract } from "../contract/deletion-crash-contract.ts";
import { deletionContract } from "../contract/deletion-contract.ts";
import { openRealDeletionStage } from "./deletion-stage.ts";

deletionContract("an API server and PostgreSQL", openRealDeletionStage, { everyKill: 4, withinMs: 60_000 });
deletionCrashContract("an API server and PostgreSQL", openRealDeletionStage, { everyKill: 4, withinMs: 60_000 });
