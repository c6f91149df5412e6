import type { Command } from "commander";
import { getProvisioning, type Provisioning } from "../../control-api/contract/organizations.ts";
import { withOutput } from "../options.ts";
import { age } from "../output/age.ts";
import type { OutputOptions } from "../output/print-rows.ts";
import { inMood, styleFor } from "../output/style.ts";
import { organizationOf } from "../platform/organization-of.ts";
import { showRows } from "../platform/show-rows.ts";
import type { Session } from "../session.ts";
import { parseDuration } from "../wait/duration.ts";
import { expectLive, followVault } from "./follow-vault.ts";
import { vaultTable } from "./vault-tables.ts";

const nextOf = (slug: string, { state }: Provisioning): string => {
  if (state === "live" || state === "read-only") return `vault open ${slug}`;
  return state === "failed" ? `vault retry ${slug}` : `vault status ${slug} --wait`;
};

const screen = (session: Session, slug: string, name: string, seen: Provisioning): string => {
  const { terminal, timer, program } = session;
  const style = styleFor(terminal.colour);
  const widest = Math.max(...seen.steps.map(({ title }) => title.length));
  const ended = ["rejected", "suspended", "closing"].includes(seen.state);
  return [
    `${style.bold(slug)} · ${name} · asked for ${age(seen.requestedAt, timer.now())} ago`,
    `  ${inMood(style, seen.state)} · ${seen.failure?.message ?? seen.message}`,
    ...(seen.url === null ? [] : [`  ${seen.url}`]),
    ...seen.steps.map(({ title, state }) => `    ${title.padEnd(widest)}   ${inMood(style, state)}`),
    ...(ended ? [] : [`Next: ${program} ${nextOf(slug, seen)}`]),
    "",
  ].join("\n");
};

/** `vault get`: a row each, or one whole. */
export const addVaultGet = (parent: Command, session: Session): void => {
  withOutput(parent.command("get").description("show vaults; -o yaml shows all of one"), ".liveAt")
    .argument("<organization...>", "slugs of organizations")
    .action(async (slugs: string[], options: OutputOptions) => {
      const rows = [];
      for (const slug of slugs) {
        const { name } = await organizationOf(session, slug);
        const seen = await session.platform().api.call(getProvisioning, { params: { slug } });
        rows.push({ slug, name, ...seen });
      }
      showRows(session, { rows, reply: slugs.length === 1 ? rows[0] : { items: rows }, options }, vaultTable);
    });
};

/** `vault status`: its steps on one screen; with --wait until it is there. */
export const addVaultStatus = (parent: Command, session: Session): void => {
  parent
    .command("status")
    .description("how far a vault is, step by step")
    .argument("<organization>", "its slug")
    .option("--wait", "tell each step until it is there")
    .option("--timeout <duration>", "how long to wait", parseDuration, parseDuration("10m"))
    .action(async (slug: string, { wait, timeout }: { wait?: true; timeout: number }) => {
      const { name } = await organizationOf(session, slug);
      const seen = wait
        ? await followVault(session, { slug, timeoutMs: timeout })
        : await session.platform().api.call(getProvisioning, { params: { slug } });
      session.terminal.out(screen(session, slug, name, seen));
      if (wait) expectLive(slug, seen);
    });
};
