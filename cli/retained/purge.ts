import type { Command } from "commander";
import type { RetainedVault } from "../../crds/index.ts";
import { applyChange } from "../apply/apply-change.ts";
import { conflict } from "../cli-error.ts";
import { confirmByTyping } from "../confirm.ts";
import { deletionAnswer, retainedVaults } from "../names.ts";
import { type DryRunOptions, withDryRun, withWait, type WaitOptions, withYes, type YesOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { follow, type Look } from "../wait/follow.ts";
import { findRetained } from "./find-retained.ts";

const lookForPurged =
  (uid: string): Look<RetainedVault> =>
  (retained) => {
    if (!retained || retained.metadata.uid !== uid || retained.status?.phase === "Purged") return { done: true };
    const { phase, message } = retained.status ?? {};
    return { done: false, saying: `${phase ?? "Kept"} · ${message ?? "The operator has not looked at it yet."}` };
  };

const expectUnused = ({ metadata, status }: RetainedVault): void => {
  if (status?.phase !== "Restoring" && status?.phase !== "Restored") return;
  const tenant = status.restoredBy?.tenant ?? "";
  throw conflict(
    `The retained vault "${metadata.name}" was restored as the tenant "${tenant}"; it holds no data of its own any more.`,
    {
      next: `tenant status ${tenant}`,
    },
  );
};

type Options = WaitOptions & DryRunOptions & YesOptions;

/** `retained purge`: destroys a deleted vault's data before its time. */
export const addRetainedPurge = (parent: Command, session: Session): void => {
  const command = parent.command("purge").alias("rm").description("destroy a deleted vault's data before its time");
  withDryRun(withYes(withWait(command)))
    .argument("<name>", "name of a retained vault")
    .action(async (name: string, { wait, timeout, dryRun, yes }: Options) => {
      const { terminal } = session;
      const { kube } = session.cluster();
      const retained = await findRetained(session, name);
      expectUnused(retained);
      const { name: own, uid } = retained.metadata;
      const { spec } = retained;
      const warning = `The data of ${spec.organization.name} (${spec.slug}, database ${spec.database}) is destroyed and cannot be brought back. It would be kept until ${spec.keepUntil}.`;
      if (!dryRun) await confirmByTyping(session, { warning, word: own, yes });
      // The operator destroys nothing before its time on the word of a deletion alone.
      const answer = { metadata: { annotations: { [deletionAnswer]: "approved" } } };
      await applyChange(kube, retainedVaults, retained, answer, { dryRun });
      await kube.delete(retainedVaults, { name: own }, { uid, dryRun });
      terminal.err(`The retained vault "${own}" ${dryRun ? "would be purged (dry run)" : "is being purged"}.\n`);
      if (dryRun || !wait) return;
      await follow(session, {
        kind: retainedVaults,
        name: own,
        look: lookForPurged(uid),
        timeoutMs: timeout,
        again: "retained ls",
      });
      terminal.err(`The data of "${own}" is gone.\n`);
    });
};
