import { deletionCrashContract } from "../../../test/contract/deletion-crash-contract.ts";
import { deletionContract } from "../../../test/contract/deletion-contract.ts";
import { openFakeDeletionStage } from "../../../test/contract/fake-deletion-stage.ts";

deletionContract("pretended servers", openFakeDeletionStage, { everyKill: 3, withinMs: 10_000 });
deletionCrashContract("pretended servers", openFakeDeletionStage, { everyKill: 3, withinMs: 10_000 });
