import { z } from "zod";
import { group, type ResourceDefinition, version } from "./resources.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Makes a structural schema, as CRDs demand, of what zod prints: `additionalProperties: false` goes (the API server
 * prunes or refuses unknown fields itself), exclusive bounds and `const` do not occur in our resources.
 * Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
const structural = (node: Json): Json => {
  if (Array.isArray(node)) return node.map(structural);
  if (node === null || typeof node !== "object") return node;
  const entries = Object.entries(node).filter(
    ([key, value]) =>
      !(key === "additionalProperties" && value === false) && key !== "propertyNames" && key !== "$schema",
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, structural(value)]));
};

/** The OpenAPI v3 schema of a zod type in the form that a CRD takes. */
export const openApiSchema = (schema: z.ZodType): Record<string, Json> => {
  const printed = z.toJSONSchema(schema, { target: "openapi-3.0", io: "input" });
  return structural(printed as Json) as Record<string, Json>;
};

const names = (definition: ResourceDefinition) => ({
  kind: definition.kind,
  listKind: `${definition.kind}List`,
  plural: definition.plural,
  singular: definition.kind.toLowerCase(),
  shortNames: definition.shortNames,
  categories: ["polyphony"],
});

const schemaOf = (definition: ResourceDefinition) => ({
  type: "object",
  description: definition.description,
  required: ["spec"],
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object" },
    spec: openApiSchema(definition.spec),
    status: openApiSchema(definition.status),
  },
  ...(definition.rules.length > 0 ? { "x-kubernetes-validations": definition.rules } : {}),
});

/** The CustomResourceDefinition of a resource, ready for the API server. */
export const customResourceDefinition = (definition: ResourceDefinition) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: `${definition.plural}.${group}`,
    labels: { "app.kubernetes.io/part-of": "polyphony" },
  },
  spec: {
    group,
    scope: "Cluster",
    names: names(definition),
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: definition.columns,
        schema: { openAPIV3Schema: schemaOf(definition) },
      },
    ],
  },
});
