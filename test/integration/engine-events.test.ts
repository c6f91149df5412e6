import { describe, expect, it } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { clusterAccess } from "../../kube/cluster-access.ts";
import { kinds } from "../../kube/kinds.ts";
import { createLiveKube } from "../../kube/live-kube.ts";
import { createEventRecorder } from "../../operator/engine/events.ts";
import { silentLog } from "../../operator/engine/log.ts";
import { started } from "../harness/started.ts";

describe("Events on a real API server", () => {
  it("K2: are accepted for a cluster-scoped object, and the same again becomes a series", async () => {
    const access = clusterAccess(started.kubeconfig());
    const kube = createLiveKube({ access, fieldManager: "test" });
    const uid = randomUUID();
    const tenant = { metadata: { name: `events-${uid.slice(0, 8)}`, uid } };
    const happening = { type: "Normal", reason: "Ready", action: "Provision", note: "the vault answers" } as const;
    for (const instance of ["operator-1", "operator-2"]) {
      const recorder = createEventRecorder({ kube, log: silentLog(), controller: "polyphony.dev/operator", instance });
      recorder.record(kinds.tenant, tenant, happening);
      await recorder.flush();
    }
    const events = await kube.list(kinds.event, { namespace: "default" });
    const ours = events.filter((event) => event.regarding?.uid === uid);
    expect(ours).toMatchObject([{ ...happening, series: { count: 2 }, reportingInstance: "operator-1" }]);
    kube.close();
  });
});
