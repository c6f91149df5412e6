import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeAdmin } from "../../control-api/platform/make-admin.ts";
import { startControlApi } from "../builders/a-control-api.ts";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient } from "../builders/an-api-client.ts";
import { startTestServices } from "../harness/test-services.ts";
import { schemathesis } from "./schemathesis.ts";

// Throws all kinds of requests that the OpenAPI document allows, and many that it does not, at every route, as a platform
// admin who owns an organization. Whatever comes back must be what the document says, and never a 5xx.

const { values } = parseArgs({ options: { examples: { type: "string", default: "100" }, seed: { type: "string" } } });

// Ending its own login, or closing its organization, would leave nothing to try.
const spared = [
  "/api/me/session",
  "/api/me/sessions",
  "/api/me/sessions/{id}",
  "/api/organizations/{slug}/closing",
  "/api/organizations/{slug}/transfer",
  "/api/organizations/{slug}/provisioning/cancel",
  "/api/admin/organizations/{slug}/cancel",
];

const folder = await mkdtemp(join(tmpdir(), "polyphony-fuzz-"));
const program = await schemathesis();
const services = await startTestServices();
Object.assign(process.env, services.env);
const api = await startControlApi({ RATE_LIMITS_FACTOR: "100000" });
try {
  const client = anApiClient(api.url);
  const email = "owner@fuzz.example";
  await registerAndProve(api, client, "fuzz-choir", email);
  await makeAdmin(api.accounts, { email, name: "Fuzz" });
  const config = join(folder, "schemathesis.toml");
  await writeFile(config, '[parameters]\n"path.slug" = "fuzz-choir"\n');
  const headers = Object.entries(client.headers()).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
  const checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
  const options = [
    ...["--url", api.url, "--checks", checks, "--max-examples", values.examples, "--workers", "2", "--no-color"],
    ...spared.flatMap((path) => ["--exclude-path", path]),
    ...headers,
    ...(values.seed === undefined ? [] : ["--seed", values.seed]),
  ];
  // Not in this thread: the API that is asked runs here.
  const child = spawn(program, ["--config-file", config, "run", `${api.url}/openapi.json`, ...options], {
    stdio: "inherit",
    cwd: folder,
  });
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await api.stop();
  await services.stop();
  await rm(folder, { recursive: true, force: true });
}
