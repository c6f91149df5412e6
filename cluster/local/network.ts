import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { runCommand, tryCommand } from "../machine/run-command.ts";
import { configFile, layout } from "./layout.ts";

/** Kernel settings that pods and Services need. What they were before is kept and put back by `removeNetwork`. */
const settings = {
  "/proc/sys/net/ipv4/ip_forward": "1",
  // A pod answers another pod on the same bridge directly; without this the kernel would not turn Service addresses back.
  "/proc/sys/net/bridge/bridge-nf-call-iptables": "1",
};

const before = configFile("kernel-settings-before.json");
const prefixLength = layout.podRange.split("/")[1] ?? "17";

/** Makes the bridge with its address, the rule that lets pods out to other networks, and the kernel's settings. Repeatable. */
export async function ensureNetwork(ip: string, nft: string): Promise<void> {
  await changeSettings();
  const known = await tryCommand(ip, ["link", "show", layout.bridge]);
  if (known.code !== 0) {
    await refuseOverlap(ip);
    await runCommand(ip, ["link", "add", layout.bridge, "address", layout.bridgeMac, "type", "bridge"]);
  }
  await runCommand(ip, ["address", "replace", `${layout.bridgeAddress}/${prefixLength}`, "dev", layout.bridge]);
  await runCommand(ip, ["link", "set", layout.bridge, "up"]);
  const rule = `ip saddr ${layout.podRange} ip daddr != { ${layout.podRange}, ${layout.serviceRange} } masquerade`;
  const table = `table ip ${layout.nftTable} {\n chain postrouting {\n  type nat hook postrouting priority srcnat;\n  ${rule}\n }\n}\n`;
  // Declared, deleted and made again in one transaction, so that a second start does not add a second rule.
  await runCommand(nft, ["-f", "-"], {
    input: `table ip ${layout.nftTable}\ndelete table ip ${layout.nftTable}\n${table}`,
  });
}

async function changeSettings(): Promise<void> {
  const kept: Record<string, string> = {};
  for (const [file, value] of Object.entries(settings)) {
    if (!existsSync(file)) await tryCommand("modprobe", ["br_netfilter"]).catch(() => undefined);
    if (!existsSync(file)) throw new Error(`the kernel has no ${file}: load it with \`modprobe br_netfilter\``);
    kept[file] = (await readFile(file, "utf8")).trim();
    if (kept[file] !== value) await writeFile(file, value);
  }
  if (!existsSync(before)) await writeFile(before, JSON.stringify(kept));
}

/** Says so when the machine already uses our addresses for something else. */
async function refuseOverlap(ip: string): Promise<void> {
  const routes = await runCommand(ip, ["-4", "route", "show", "root", "10.87.0.0/16"]);
  const theirs = routes.split("\n").find((line) => line.trim() !== "" && !line.includes(layout.bridge));
  if (theirs) throw new Error(`this machine already uses the cluster's addresses (10.87.0.0/16): ${theirs.trim()}`);
}

/** Removes the bridge, the pods' ends of their links, and every table of ours; puts the kernel's settings back. */
export async function removeNetwork(): Promise<void> {
  if (existsSync(`/sys/class/net/${layout.bridge}`)) {
    const links = await tryCommand("ip", ["-json", "link", "show", "master", layout.bridge]);
    for (const name of linkNames(links.stdout)) await tryCommand("ip", ["link", "delete", name]);
    await runCommand("ip", ["link", "delete", layout.bridge]);
  }
  // kube-proxy's tables have fixed names; there is one kube-proxy per machine, and it was ours.
  for (const table of [`ip ${layout.nftTable}`, "ip kube-proxy", "ip6 kube-proxy", "inet cni_hostport"]) {
    await tryCommand("nft", ["delete", "table", ...table.split(" ")]).catch(() => undefined);
  }
  const text = await readFile(before, "utf8").catch(() => "{}");
  for (const [file, value] of Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(text)))) {
    if (file in settings) await writeFile(file, value).catch(() => undefined);
  }
}

const linkNames = (json: string): string[] =>
  z
    .array(z.object({ ifname: z.string() }).partial())
    .parse(JSON.parse(json.trim() || "[]"))
    .flatMap((link) => (link.ifname ? [link.ifname] : []));
