import { customResourceDefinition } from "../../crds/crd.ts";
import { definitions, group } from "../../crds/resources.ts";
import { kind } from "../../kube/kinds.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { version } from "../version.ts";
import { broken, type Check, ok, type Patient } from "./check.ts";

type Schema = { properties?: Record<string, Schema>; items?: Schema; additionalProperties?: Schema | boolean };
type Definition = KubeObject & {
  spec?: { versions?: { name: string; schema?: { openAPIV3Schema?: Schema } }[] };
};

export const definitionKind = kind<Definition>(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  "customresourcedefinitions",
  false,
);

const fieldsOf = (schema: Schema | undefined, path = ""): string[] => [
  ...Object.entries(schema?.properties ?? {}).flatMap(([name, below]) => {
    const here = path === "" ? name : `${path}.${name}`;
    return [here, ...fieldsOf(below, here)];
  }),
  ...(schema?.items ? fieldsOf(schema.items, `${path}[]`) : []),
];

const schemaOf = (definition: Definition | undefined): Schema | undefined =>
  definition?.spec?.versions?.[0]?.schema?.openAPIV3Schema;

const install =
  "Install or upgrade the chart: helm upgrade --install polyphony charts/polyphony --namespace polyphony-system --create-namespace --values <yours>";

const readDefinitions = async ({ session }: Patient): Promise<Map<string, Definition>> => {
  const live = await session.cluster().kube.list(definitionKind);
  return new Map(live.map((definition) => [definition.metadata?.name ?? "", definition]));
};

export const crdsThere: Check = {
  name: "resource definitions",
  gate: true,
  look: async (patient) => {
    const live = await readDefinitions(patient);
    const names = definitions.map(({ plural }) => `${plural}.${group}`);
    const missing = names.filter((name) => !live.has(name));
    return missing.length > 0
      ? broken(`The cluster does not know ${missing.join(", ")}.`, install)
      : ok(`All ${names.length} are there.`);
  },
};

const few = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(", ")}${names.length > 3 ? " and more" : ""}`;

/** Helm never upgrades them: an operator that came by another way than the chart's may meet old ones. */
export const crdsCurrent: Check = {
  name: "their versions",
  look: async (patient) => {
    const live = await readDefinitions(patient);
    const behind = definitions.map(customResourceDefinition).flatMap((wanted) => {
      const known = new Set(fieldsOf(schemaOf(live.get(wanted.metadata.name))));
      const lacking = fieldsOf(schemaOf(wanted as unknown as Definition)).filter((field) => !known.has(field));
      return lacking.length > 0 ? [`${wanted.metadata.name} lacks ${few(lacking)}`] : [];
    });
    return behind.length > 0
      ? broken(`They are older than this program: ${behind.join("; ")}.`, install)
      : ok(`They know all that this program knows (${version}).`);
  },
};
