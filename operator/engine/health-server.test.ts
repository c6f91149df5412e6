import { afterEach, describe, expect, it } from "@jest/globals";
import { createController } from "./controller.ts";
import { createHealthServer, type HealthServer } from "./health-server.ts";
import { createLog, silentLog } from "./log.ts";
import { createEngineMetrics } from "./metrics.ts";

let server: HealthServer | undefined;
afterEach(async () => server?.close());

describe("createHealthServer", () => {
  it("answers each check with its reason, and the metrics of queue, watches and requests", async () => {
    const metrics = createEngineMetrics({ processMetrics: false });
    const controller = createController({
      name: "tenant",
      sources: [],
      reconcile: () => Promise.reject(new Error("no")),
      log: silentLog(),
    });
    metrics.watch(controller);
    controller.enqueue("a");
    metrics.observe({ controller: "tenant", outcome: "failed", reason: "ServerAway", seconds: 0.2 });
    metrics.onCall({ verb: "apply", kind: "Secret", code: 200, seconds: 0.004 });
    metrics.leads(7);
    const problems: string[] = [];
    server = createHealthServer({
      port: 0,
      registry: metrics.registry,
      live: { watches: () => problems[0] },
      ready: { lease: () => Promise.resolve(undefined) },
    });
    const base = `http://127.0.0.1:${await server.listen()}`;
    expect(await (await fetch(`${base}/healthz`)).text()).toBe("watches: ok\n");
    problems.push("no word for 31 min");
    const sick = await fetch(`${base}/healthz`);
    expect([sick.status, await sick.text()]).toEqual([503, "watches: no word for 31 min\n"]);
    expect((await fetch(`${base}/readyz?verbose`)).status).toBe(200);
    expect((await fetch(`${base}/secrets`)).status).toBe(404);
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toContain('polyphony_queue_depth{controller="tenant"} 1');
    expect(text).toContain(
      'polyphony_reconcile_errors_total{controller="tenant",outcome="failed",reason="ServerAway"} 1',
    );
    expect(text).toContain('polyphony_kube_request_seconds_count{verb="apply",kind="Secret",code="200"} 1');
    expect(text).toContain("polyphony_leader_epoch 7");
  });
});

describe("createLog", () => {
  it("I9: writes JSON lines with the component, and no secret by its usual names", () => {
    const lines: string[] = [];
    const log = createLog("operator", "info", { write: (line) => void lines.push(line) });
    log.child({ key: "alto" }).warn({ password: "canary", server: { connectionString: "canary" } }, "no");
    log.debug({}, "not shown");
    log.error({ error: new Error("outer", { cause: new Error("inner") }) }, "failed");
    expect(lines.join("")).not.toContain("canary");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "warn", component: "operator", key: "alto", msg: "no" });
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ error: { message: "outer", cause: "inner" } });
    expect(lines).toHaveLength(2);
  });
});
