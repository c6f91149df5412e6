import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Page } from "playwright-core";
import type { Tenant } from "../../crds/index.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { logIn, registerAndProve, tokenInMail } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiClient } from "../builders/an-api-client.ts";
import { faultsOf } from "../e2e/support/browser.ts";
import { eventually } from "../harness/eventually.ts";
import { startConsole, type ConsoleHarness } from "../harness/console.ts";

jest.setTimeout(180_000);

const tenantKind = typed<Tenant>(kinds.tenant);
const suffix = randomBytes(3).toString("hex");
const slugOf = (name: string) => `${name}-${suffix}`;
const mailOf = (name: string) => `${name}-${suffix}@choirs.example`;
const pathOf = (name: string, page = "") => `/dashboard/org/${slugOf(name)}${page}`;

let platform: ConsoleHarness;
const owners = new Map<string, ApiClient>();
const owner = (name: string): ApiClient => owners.get(name) ?? anApiClient(platform.url);

const register = async (name: string, more: object): Promise<void> => {
  const client = anApiClient(platform.url);
  owners.set(name, client);
  const { status } = await registerAndProve(platform.api, client, slugOf(name), mailOf(name), more);
  expect(status).toBe(201);
};

const approve = async (umbrella: string, collective: string): Promise<void> => {
  const { body } = await owner(umbrella).get(`/api/organizations/${slugOf(umbrella)}/affiliations`);
  const requests = body["requests"] as readonly { id: string; collective: { slug: string } }[];
  const id = requests.find((one) => one.collective.slug === slugOf(collective))?.id ?? "";
  expect((await owner(umbrella).send("POST", `/api/affiliation-requests/${id}/approve`, {})).status).toBe(200);
};

const phase = async (name: string, status: Tenant["status"]): Promise<void> => {
  await eventually(`the Tenant ${name}`, () => platform.api.kube.find(tenantKind, { name: slugOf(name) }));
  await platform.operatorSays(slugOf(name), status);
};

const close = (page: Page): Promise<void> => page.context().close();

beforeAll(async () => {
  platform = await startConsole();
  await register("nordic", { type: "umbrella", name: "Nordic Choirs" });
  await register("baltic", { type: "umbrella", name: "Baltic Voices" });
  for (const [name, title] of [
    ["alto", "Alto Ensemble"],
    ["bass", "Bass Club"],
    ["tenor", "Ténor Circle"],
  ] as const)
    await register(name, { name: title, umbrella: slugOf("nordic") });
  await approve("nordic", "alto");
  await approve("nordic", "bass");
  await phase("nordic", { phase: "Active", url: `http://${slugOf("nordic")}.vaults.test` });
  await phase("alto", { phase: "Active", url: `http://${slugOf("alto")}.vaults.test` });
  const message = "server pg-1 holds 1000 of 1000 databases";
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  await phase("bass", {
    phase: "Failed",
    message,
    conditions: [{ type: "Ready", status: "False", reason: "DatabaseServerFull", message, lastTransitionTime }],
  });
});

afterAll(() => platform.stop());

describe("O7: the dashboard", () => {
  it("leads whoever is not logged in to the login, and back", async () => {
    const page = await platform.open(pathOf("nordic"));
    await page.waitForURL(`**/login?next=${encodeURIComponent(pathOf("nordic"))}`);
    await close(page);
  });

  it("lists the organizations of a person, and says what to do when there is none", async () => {
    const page = await platform.open("/dashboard", owner("alto"));
    await page.getByRole("link", { name: /Alto Ensemble/ }).waitFor();
    expect(await faultsOf(page, "dashboard")).toEqual([]);
    await page.getByRole("link", { name: /Alto Ensemble/ }).click();
    await page.getByRole("heading", { level: 1, name: "Alto Ensemble" }).waitFor();
    await close(page);
  });

  it("shows another's organization as one that is not there", async () => {
    const page = await platform.open(pathOf("nordic"), owner("alto"));
    await page.getByRole("heading", { name: "There is no such organization here" }).waitFor();
    await close(page);
  });
});

describe("O3, S1: an umbrella", () => {
  it("sees its collectives with the state of their vaults, found and narrowed by the address of the page", async () => {
    const page = await platform.open(pathOf("nordic"), owner("nordic"));
    await page.getByText("2 choirs belong to this umbrella.").waitFor();
    await page.getByText("Failed", { exact: true }).waitFor();
    expect(await faultsOf(page, "umbrella")).toEqual([]);
    await page.getByRole("combobox", { name: "Vault" }).selectOption("attention");
    await page
      .getByRole("list", { name: "Affiliated collectives" })
      .getByText("Alto Ensemble")
      .waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("?state=attention");
    await page.getByLabel("Search by name or address").fill("nobody");
    await page.getByText("No collective fits this filter.").waitFor();
    await page.reload();
    expect(await page.getByLabel("Search by name or address").inputValue()).toBe("nobody");
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByRole("list", { name: "Affiliated collectives" }).getByText("Alto Ensemble").waitFor();
    await close(page);
  });

  it("makes a link that is copied once, by keyboard only, and closes it", async () => {
    const page = await platform.open(pathOf("nordic"), owner("nordic"), {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await page.getByRole("button", { name: "Make a link" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("What is it for? (optional)").waitFor();
    await page.waitForFunction("document.activeElement?.tagName === 'INPUT'");
    await page.keyboard.type("Choirs in Bergen");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copy the link" }).waitFor();
    const link = await page.locator("output").innerText();
    expect(link).toMatch(/\/register\?invitation=[A-Za-z0-9_-]{20,}$/);
    expect(await faultsOf(page, "umbrella-link")).toEqual([]);
    await page.getByRole("button", { name: "Copy the link" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe(link);
    await page.keyboard.press("Escape");
    await page.getByText("not used yet").waitFor();
    const token = new URL(link).searchParams.get("invitation") ?? "";
    await page.getByRole("button", { name: "Close the link: Choirs in Bergen" }).click();
    await page.getByText("Closed", { exact: true }).waitFor();
    expect((await owner("nordic").get(`/api/affiliation-invitations/${token}/umbrella`)).status).toBe(404);
    await close(page);
  });

  it("rejects a request with a reason, and the collective reads it and asks again", async () => {
    const page = await platform.open(pathOf("nordic"), owner("nordic"));
    await page.getByRole("button", { name: "Reject Ténor Circle" }).click();
    await page.getByLabel("Why (optional)").fill("Only choirs in the north.");
    await page.getByRole("button", { name: "Reject Ténor Circle" }).click();
    await page.getByRole("heading", { name: "Requests to join" }).waitFor({ state: "detached" });
    await close(page);
    const theirs = await platform.open(pathOf("tenor"), owner("tenor"));
    await theirs.getByText("Only choirs in the north.").waitFor();
    await theirs.getByRole("button", { name: "Ask Nordic Choirs again" }).click();
    await theirs.getByRole("button", { name: "Withdraw the request to Nordic Choirs" }).waitFor();
    await close(theirs);
  });

  it("approves one by keyboard", async () => {
    const page = await platform.open(pathOf("nordic"), owner("nordic"));
    await page.getByRole("button", { name: "Approve Ténor Circle" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("3 choirs belong to this umbrella.").waitFor();
    await close(page);
  });

  it("removes a collective only when its address is typed", async () => {
    const page = await platform.open(pathOf("nordic"), owner("nordic"));
    await page.getByRole("button", { name: "Remove Ténor Circle" }).click();
    const act = page.getByRole("dialog").getByRole("button", { name: "Remove" });
    const field = page.getByLabel(`Type ${slugOf("tenor")} to confirm`);
    await field.fill(slugOf("alto"));
    expect(await act.isDisabled()).toBe(true);
    await field.fill(slugOf("tenor"));
    expect(await faultsOf(page, "umbrella-remove")).toEqual([]);
    await act.click();
    await page.getByText("2 choirs belong to this umbrella.").waitFor();
    await page.getByText("Ténor Circle was removed").waitFor();
    await close(page);
  });
});

describe("O3, O4, O7: a collective", () => {
  it("sees its vault with the way into it, and its umbrellas", async () => {
    const page = await platform.open(pathOf("alto"), owner("alto"));
    await page.getByText("Live", { exact: true }).waitFor();
    expect(await page.getByRole("link", { name: "Open the vault" }).getAttribute("href")).toBe(
      `http://${slugOf("alto")}.vaults.test`,
    );
    await page.getByText("Nordic Choirs", { exact: true }).waitFor();
    expect(await faultsOf(page, "collective")).toEqual([]);
    await close(page);
  });

  it("is told of each change while it looks: read-only, suspended, and what to do", async () => {
    const page = await platform.open(pathOf("alto"), owner("alto"));
    await page.getByText("Live", { exact: true }).waitFor();
    const url = `http://${slugOf("alto")}.vaults.test`;
    await phase("alto", { phase: "ReadOnly", url });
    await page.getByText("Read-only", { exact: true }).waitFor();
    await page.getByText(/Everything in the vault can be read/).waitFor();
    await phase("alto", { phase: "Suspended", url });
    await page.getByText(/everything in it is kept. Write to the platform/).waitFor();
    expect(await page.getByRole("link", { name: "Open the vault" }).count()).toBe(0);
    await phase("alto", { phase: "Active", url });
    await page.getByText("Live", { exact: true }).waitFor();
    await close(page);
  });

  it("reads in plain words that its vault failed, and tries again", async () => {
    const page = await platform.open(pathOf("bass"), owner("bass"));
    await page.getByText(/There is no room for another vault at the moment/).waitFor();
    expect(await page.getByText("pg-1").count()).toBe(0);
    expect(await faultsOf(page, "collective-failed")).toEqual([]);
    await page.getByRole("button", { name: "Try again now" }).click();
    await eventually("the retry in the audit log", async () => {
      const { body } = await owner("bass").get(`/api/organizations/${slugOf("bass")}/audit?action=vault`);
      return body.items.length > 0;
    });
    await close(page);
  });

  it("asks a second umbrella, withdraws, and is told when there is no such one", async () => {
    const page = await platform.open(pathOf("alto"), owner("alto"));
    const field = page.getByLabel("Address or invitation link");
    await field.fill("no-such-umbrella");
    await page.getByRole("button", { name: "Ask to join" }).click();
    await page.getByText(/There is no umbrella "no-such-umbrella"/).waitFor();
    await field.fill(slugOf("baltic"));
    await page.getByLabel("Message (optional)").fill("We sing in Riga as well.");
    await page.getByRole("button", { name: "Ask to join" }).click();
    await page.getByText("Baltic Voices has been asked. You get a mail with the answer.").waitFor();
    await page.getByRole("button", { name: "Withdraw the request to Baltic Voices" }).click();
    await page.getByRole("button", { name: "Ask Baltic Voices again" }).waitFor();
    await close(page);
  });

  it("joins by an invitation link, and leaves with the address typed", async () => {
    const { body } = await owner("baltic").send("POST", "/api/affiliation-invitations", { umbrella: slugOf("baltic") });
    const page = await platform.open(pathOf("alto"), owner("alto"));
    await page.getByLabel("Address or invitation link").fill(String(body["link"]));
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText("You belong to Baltic Voices now.").waitFor();
    await page.getByRole("button", { name: "Leave Baltic Voices" }).click();
    await page.getByLabel(`Type ${slugOf("baltic")} to confirm`).fill(slugOf("baltic"));
    await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await page.getByText("Left Baltic Voices").waitFor();
    await page.getByLabel("Address or invitation link").fill(String(body["link"]));
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByText(/This link does not hold any more/).waitFor();
    await close(page);
  });
});

describe("O2: members", () => {
  it("are invited, change roles, and the only owner is told why they stay", async () => {
    const page = await platform.open(pathOf("alto", "/members"), owner("alto"));
    await page.getByText(/You are the only owner/).waitFor();
    await page.getByLabel("Mail address").fill("no address");
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await page.getByText(/Write one mail address/).waitFor();
    await page.getByLabel("Mail address").fill(mailOf("lise"));
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await page.getByText(`The invitation to ${mailOf("lise")} is on its way.`).waitFor();
    expect(await faultsOf(page, "members")).toEqual([]);
    const token = await tokenInMail(platform.api, mailOf("lise"), /invites you/);
    const lise = anApiClient(platform.url);
    expect((await lise.send("POST", `/api/invitations/${token}/acceptance`, { name: "Lise" })).status).toBe(201);
    owners.set("lise", lise);
    await page.reload();
    await page.getByLabel("Role of Lise").selectOption("admin");
    await eventually("Lise is an admin", async () => {
      const { body } = await owner("alto").get(`/api/organizations/${slugOf("alto")}/members`);
      return (body.items as readonly { name: string; role: string }[]).some(
        ({ name, role }) => name === "Lise" && role === "admin",
      );
    });
    await close(page);
  });

  it("an invitation is withdrawn", async () => {
    const page = await platform.open(pathOf("alto", "/members"), owner("alto"));
    await page.getByLabel("Mail address").fill(mailOf("per"));
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await page.getByRole("button", { name: `Withdraw the invitation to ${mailOf("per")}` }).click();
    await page.getByText("Withdrawn", { exact: true }).waitFor();
    await close(page);
  });
});

describe("O12: settings and danger zone", () => {
  it("change what is said of the organization, and show what is wrong beside its field", async () => {
    const page = await platform.open(pathOf("alto", "/settings"), owner("alto"));
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText("Write the organization's name.").waitFor();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Alto Ensemble Oslo");
    await page.getByLabel("Time zone").selectOption("Europe/Oslo");
    await page.getByLabel("Currency").selectOption("NOK");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("heading", { level: 1, name: "Alto Ensemble Oslo" }).waitFor();
    await page.getByText("Saved.").waitFor();
    expect(await faultsOf(page, "settings")).toEqual([]);
    const { body } = await owner("alto").get(`/api/organizations/${slugOf("alto")}`);
    expect(body).toMatchObject({ name: "Alto Ensemble Oslo", timeZone: "Europe/Oslo", currency: "NOK" });
    await close(page);
  });

  it("do not undo what somebody else changed meanwhile", async () => {
    const page = await platform.open(pathOf("alto", "/settings"), owner("alto"));
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Mine");
    await owner("alto").send("PATCH", `/api/organizations/${slugOf("alto")}`, { name: "Theirs" });
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByText(/Somebody changed it since you read it/).waitFor();
    await page.getByRole("heading", { level: 1, name: "Theirs" }).waitFor();
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("heading", { level: 1, name: "Mine" }).waitFor();
    await close(page);
  });

  it("hand it over to another member, with the address typed", async () => {
    const page = await platform.open(pathOf("alto", "/settings"), owner("alto"));
    await page.getByLabel("New owner").selectOption({ label: `Lise (${mailOf("lise")})` });
    await page.getByRole("button", { name: "Hand over" }).click();
    await page.getByLabel(`Type ${slugOf("alto")} to confirm`).fill(slugOf("alto"));
    await page.getByRole("dialog").getByRole("button", { name: "Hand over" }).click();
    await page.getByText("Your role here: Admin").waitFor();
    await page.getByRole("heading", { name: "Danger zone" }).waitFor({ state: "detached" });
    await close(page);
  });

  it("close it, with the activity log offered and the address typed", async () => {
    const page = await platform.open(pathOf("tenor", "/settings"), owner("tenor"));
    await page.getByRole("link", { name: /download the activity log/ }).waitFor();
    await page.getByRole("button", { name: "Close the organization" }).click();
    await page.getByLabel(`Type ${slugOf("tenor")} to confirm`).fill(slugOf("tenor"));
    await page.getByRole("dialog").getByRole("button", { name: "Close the organization" }).click();
    await page.getByText("You belong to no organization yet").waitFor();
    expect(await faultsOf(page, "dashboard-empty")).toEqual([]);
    await close(page);
  });
});

describe("A2: activity", () => {
  it("is listed, narrowed by the address of the page, and taken along as a file", async () => {
    const page = await platform.open(pathOf("nordic", "/activity"), owner("nordic"));
    await page.getByText("Registered the organization").waitFor();
    expect(await faultsOf(page, "activity")).toEqual([]);
    await page.getByLabel("What").selectOption("organization");
    await page.getByText("Rejected a request to join").waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("?area=organization");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as CSV" }).click(),
    ]);
    expect(await readFile(await download.path(), "utf8")).toContain("organization.registered");
    await close(page);
  });
});

describe("I1: the account", () => {
  it("takes a name and a language, and speaks it at once", async () => {
    const page = await platform.open("/account", owner("bass"));
    await page.getByText("This one").waitFor();
    expect(await faultsOf(page, "account")).toEqual([]);
    await page.getByLabel("Name").fill("Berit Bass");
    await page.getByLabel("Language").selectOption("nb");
    await page.getByRole("button", { name: "Save changes" }).click();
    await page.getByRole("heading", { level: 1, name: "Konto" }).waitFor();
    await page.getByRole("button", { name: /Berit Bass/ }).waitFor();
    await close(page);
  });

  it("ends another login, then all of them", async () => {
    platform.api.mails.clear();
    const other = await logIn(platform.api, mailOf("bass"));
    const page = await platform.open("/account", owner("bass"));
    await page.getByRole("button", { name: "Log out Another program" }).first().click();
    await eventually("the other login ended", async () => (await other.get("/api/me")).status === 401);
    await page.getByRole("button", { name: "Log out everywhere" }).click();
    await page.waitForURL("**/login*");
    expect((await owner("bass").get("/api/me")).status).toBe(401);
    await close(page);
  });
});

describe("in Norwegian", () => {
  it.each([
    { path: "", heading: "Tilknyttede kollektiver" },
    { path: "/members", heading: "Medlemmer" },
    { path: "/settings", heading: "Faresone" },
    { path: "/activity", heading: "Aktivitet" },
  ])("$heading", async ({ path, heading }) => {
    const page = await platform.open(pathOf("nordic", path), owner("nordic"), { locale: "nb-NO" });
    await page.getByRole("heading", { level: 2, name: heading }).waitFor();
    expect(await faultsOf(page, `nb${path.replace("/", "-")}`)).toEqual([]);
    await close(page);
  });
});
