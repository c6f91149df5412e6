import { kinds } from "../../../kube/kinds.ts";
import { resourcePath } from "../../../kube/resource-path.ts";
import { childKinds } from "../../../operator/tenant/children/children.ts";
import { createBareClient } from "../floor/bare-client.ts";

// A program: lists, page by page, every object that the operator keeps in its caches, and parses it. Nothing else.
const client = await createBareClient(process.argv[2] ?? "", 16);
const ours = { labelSelector: "app.kubernetes.io/managed-by=polyphony,polyphony.dev/vault-id" };
const wanted = [
  ...Object.values(childKinds).map((kind) => ({ kind, selection: ours })),
  { kind: kinds.endpointSlice, selection: { labelSelector: "polyphony.dev/vault-id" } },
  { kind: kinds.tenant, selection: {} },
];
let objects = 0;
await Promise.all(
  wanted.map(async ({ kind, selection }) => {
    let token: string | undefined;
    do {
      const path = resourcePath(kind, {}, { ...selection, limit: 500, continue: token });
      const page = (await client.call("GET", path)) as { items: unknown[]; metadata: { continue?: string } };
      objects += page.items.length;
      token = page.metadata.continue;
    } while (token);
  }),
);
client.close();
process.stdout.write(`${String(objects)}\n`);
