import { describe, expect, it } from "@jest/globals";
import type { Tenant } from "../crds/index.ts";
import { backendOrigin } from "./backend-origin.ts";
import { clientOf, trustedProxies } from "./client-address.ts";
import { readConfig } from "./config.ts";
import { hostName } from "./host-name.ts";
import { loggedPath } from "./logged-path.ts";
import { wantsHtml } from "./pages/wants-html.ts";
import { createPatience } from "./patience.ts";
import { vaultRouteOf } from "./vault-route.ts";

describe("N1: host names", () => {
  it.each([
    ["Alto.Polyphony.localhost:8080", "alto.polyphony.localhost"],
    ["alto.polyphony.localhost.", "alto.polyphony.localhost"],
    ["127.0.0.1:80", "127.0.0.1"],
    ["[::1]:8080", "[::1]"],
    ["xn--kr-yia.example.org", "xn--kr-yia.example.org"],
  ])("%s is %s", (header, host) => expect(hostName(header)).toBe(host));

  it.each([
    "",
    ".",
    "a..b",
    "-a.b",
    "a b",
    "a,b",
    "a:b",
    "a:123456",
    "å.no",
    "a/b",
    "a@b",
    "a\\b",
    "[::1",
    "a".repeat(300),
  ])("%p is none", (header) => expect(hostName(header)).toBeUndefined());
});

describe("I9: what a log may show of a path", () => {
  it.each([
    ["/", "/"],
    ["/login/abc123DEF?token=x", "/login/…"],
    ["/members/42/edit", "/members/42/edit"],
    ["/assets/index-3f9a.js", "/assets/…"],
    ["/robots.txt", "/robots.txt"],
    ["/invitations/0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11", "/invitations/…"],
    ["/kor%C3%A5r#frag", "/…"],
    ["/a/b/c/d/e/f/g/h/i/j", "/a/b/c/d/e/f/g/h/…"],
  ])("%s as %s", (path, shown) => expect(loggedPath(path)).toBe(shown));
});

describe("N1: who is the client", () => {
  const isTrusted = trustedProxies(["10.0.0.0/8", "fd00::/8", "192.0.2.1"]);
  const from = (remoteAddress: string, forwardedFor?: string, forwardedProto?: string) =>
    clientOf({ remoteAddress, forwardedFor, forwardedProto }, isTrusted, "https");

  it.each([
    {
      name: "nobody is believed who is not trusted",
      got: from("198.51.100.7", "1.2.3.4", "http"),
      want: "198.51.100.7",
    },
    {
      name: "a proxy is believed for the hop before it",
      got: from("10.0.0.1", "6.6.6.6, 198.51.100.7"),
      want: "198.51.100.7",
    },
    { name: "IPv4 in IPv6 is IPv4", got: from("::ffff:10.0.0.1", "::ffff:198.51.100.7"), want: "198.51.100.7" },
    { name: "a chain of proxies", got: from("fd00::1", "2001:db8::1, 10.1.1.1, 192.0.2.1"), want: "2001:db8::1" },
    { name: "nonsense is skipped", got: from("10.0.0.1", "unknown, <b>"), want: "10.0.0.1" },
  ])("$name", ({ got, want }) => expect(got.address).toBe(want));

  it("the scheme is the public one, unless a trusted proxy says otherwise", () => {
    expect(from("198.51.100.7", undefined, "http").scheme).toBe("https");
    expect(from("10.0.0.1", undefined, "http").scheme).toBe("http");
    expect(from("10.0.0.1", undefined, "gopher").scheme).toBe("https");
  });

  it("says which range cannot be read", () => {
    expect(() => trustedProxies(["10.0.0.0/8", "everybody"])).toThrow(/"everybody" is neither/);
  });
});

describe("N1: page or problem", () => {
  it.each([
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
    ["application/json", false],
    ["application/json, text/html;q=0.5", false],
    ["text/html;q=0.9, application/problem+json;q=0.2", true],
    ["text/html;q=0", false],
    ["*/*", false],
    [undefined, false],
  ])("%s: %s", (accept, html) => expect(wantsHtml(accept)).toBe(html));
});

describe("N1: settings", () => {
  it("need the base domain only", () => {
    const config = readConfig({ BASE_DOMAIN: "vaults.example.org", PORT: "" });
    expect(config).toMatchObject({
      port: 8080,
      internalPort: 9090,
      publicUrlTemplate: "http://{slug}.vaults.example.org",
    });
    expect(backendOrigin(config.backendOriginTemplate)({ namespace: "vault-1", service: "vault", port: 8080 })).toBe(
      "http://vault.vault-1.svc.cluster.local.:8080",
    );
  });

  it("that cannot be used are named, each with the way out", () => {
    expect(() => readConfig({ PORT: "many", PUBLIC_URL_TEMPLATE: "example.org" })).toThrow(
      /BASE_DOMAIN: set it to[^]*PUBLIC_URL_TEMPLATE: write it as[^]*PORT:/,
    );
  });
});

describe("N1: patience", () => {
  it("tries often at first, less often later, and never beyond its end", () => {
    let now = 0;
    const patience = createPatience(
      3000,
      () => now,
      () => 0.5,
    );
    const pauses: number[] = [];
    for (let pause = patience.next(); pause !== undefined; pause = patience.next()) {
      pauses.push(pause);
      now += pause;
    }
    expect(pauses.slice(0, 6)).toEqual([25, 50, 100, 200, 400, 400]);
    expect(now).toBe(3000);
    expect(createPatience(0, () => 0).next()).toBeUndefined();
  });
});

describe("K2: what is kept of a Tenant", () => {
  const tenant: Tenant = {
    apiVersion: "polyphony.dev/v1alpha1",
    kind: "Tenant",
    metadata: {
      name: "alto",
      uid: "1",
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
    },
    spec: {
      organization: { id: "org", name: "Alto Ensemble" },
      template: "choir",
      plan: "free",
      owner: { email: "kari@example.org", name: "Kari" },
      isolation: "Shared",
      access: "ReadWrite",
      activity: "Running",
      release: { channel: "stable" },
      protected: false,
      retention: "720h",
    },
  };

  it("is pending before the operator has seen it, and deleting as soon as that was asked for", () => {
    expect(vaultRouteOf(tenant)).toMatchObject({ slug: "alto", phase: "Pending", organization: "Alto Ensemble" });
    const going = { ...tenant.metadata, deletionTimestamp: "2026-01-02T00:00:00Z" };
    expect(vaultRouteOf({ ...tenant, metadata: going, status: { phase: "Active" } })?.phase).toBe("Deleting");
  });

  it("fault 36: serves on while its deletion waits for an answer", () => {
    const going = { ...tenant.metadata, deletionTimestamp: "2026-01-02T00:00:00Z" };
    const held = {
      type: "DeletionHeld",
      status: "True" as const,
      reason: "DeletionBreakerOpen",
      message: "Held.",
      lastTransitionTime: "2026-01-02T00:00:00Z",
      observedGeneration: 1,
    };
    const status = { phase: "Active" as const, conditions: [held] };
    expect(vaultRouteOf({ ...tenant, metadata: going, status })?.phase).toBe("Active");
  });

  it("has nobody to ask before the vault has ever run", () => {
    const backend = { namespace: "vault-0123456789ab", service: "vault", port: 8080 };
    const status = { phase: "Provisioning" as const, backend };
    const release = { name: "choir-1.0.0", version: "1.0.0", digest: `sha256:${"0".repeat(64)}`, schemaVersion: 1 };
    expect(vaultRouteOf({ ...tenant, status })?.backend).toBeUndefined();
    expect(vaultRouteOf({ ...tenant, status: { ...status, release } })?.backend).toEqual(backend);
  });

  it("leaves the owner's address and everything else out", () => {
    expect(JSON.stringify(vaultRouteOf(tenant))).not.toContain("kari");
  });
});
