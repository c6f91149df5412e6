import { deletionContract } from "../contract/deletion-contract.ts";
import { openRealDeletionStage } from "./deletion-stage.ts";

deletionContract("an API server and PostgreSQL", openRealDeletionStage, { everyKill: 1, withinMs: 60_000 });
