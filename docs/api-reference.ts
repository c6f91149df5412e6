import { problems, problemTypeBase } from "../control-api/contract/problems.ts";
import type { RouteContract } from "../control-api/contract/route-contract.ts";
import { openApiDocument } from "../control-api/http/openapi.ts";

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
};
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema };
type Content = Readonly<Record<string, { schema?: Schema }>>;
type Operation = {
  summary: string;
  description: string;
  tags: readonly string[];
  parameters?: readonly Parameter[];
  requestBody?: { content: Content };
  responses: Readonly<Record<string, { description: string; content?: Content }>>;
};
type Document = {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas: Readonly<Record<string, Schema>> };
};

/** A schema in a few words; objects by their name, which links to their fields. */
const typeOf = (schema: Schema | undefined): string => {
  if (!schema) return "";
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(", ");
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(", ")} }`;
  return typeof schema.type === "string" ? schema.type : (schema.type?.join(" or ") ?? "any");
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const fieldTable = (schema: Schema): string => {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const must = schema.required?.includes(name) ? "yes" : "";
    return `| \`${name}\` | ${cell(typeOf(field))} | ${must} | ${cell(field.description ?? "")} |`;
  });
  return ["| field | type | always | what it is |", "| --- | --- | --- | --- |", ...rows].join("\n");
};

const parameterTable = (parameters: readonly Parameter[]): string =>
  [
    "| parameter | in | type | must | what it is |",
    "| --- | --- | --- | --- | --- |",
    ...parameters.map(({ name, in: where, schema, required, description }) => {
      const words = description ?? schema?.description ?? "";
      return `| \`${name}\` | ${where} | ${cell(typeOf(schema))} | ${required ? "yes" : ""} | ${cell(words)} |`;
    }),
  ].join("\n");

const bodyOf = ({ requestBody }: Operation, schemas: Document["components"]["schemas"]): string[] => {
  const schema = requestBody?.content["application/json"]?.schema;
  if (!schema) return [];
  const named = schema.$ref === undefined ? schema : schemas[schema.$ref.split("/").at(-1) ?? ""];
  return ["Body:", named?.properties ? fieldTable(named) : typeOf(schema)];
};

const answersOf = ({ responses }: Operation): string => {
  const rows = Object.entries(responses).map(([status, { description, content = {} }]) => {
    const [media] = Object.entries(content);
    const what = media?.[0] === "application/json" ? ` ${typeOf(media[1].schema)}` : "";
    const file = media && /csv|ndjson/.test(media[0]) ? ` ${Object.keys(content).join(" or ")}` : "";
    return `| ${status} | ${cell(description)}${what}${file} |`;
  });
  return ["| answer | |", "| --- | --- |", ...rows].join("\n");
};

const operationText = (method: string, path: string, operation: Operation, document: Document): string =>
  [
    `### ${method.toUpperCase()} ${path}`,
    `${operation.summary}. ${operation.description}`,
    ...(operation.parameters?.length ? [parameterTable(operation.parameters)] : []),
    ...bodyOf(operation, document.components.schemas),
    answersOf(operation),
  ].join("\n\n");

const problemTable = (): string =>
  [
    "| code | status | what happened |",
    "| --- | --- | --- |",
    ...Object.entries(problems).map(
      ([code, { status, title }]) => `| \`${code}\` | ${String(status)} | ${cell(title)} |`,
    ),
  ].join("\n");

/** docs/api.md as text, from the contracts that the server itself runs by. */
export const apiReference = (contracts: readonly RouteContract[]): string => {
  const document = openApiDocument(contracts, "https://console.example.org") as unknown as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: operation.tags[0] ?? "",
      text: operationText(method, path, operation, document),
    })),
  );
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const sections = tags.map((tag) =>
    [`## ${tag}`, ...operations.filter((one) => one.tag === tag).map(({ text }) => text)].join("\n\n"),
  );
  const schemas = Object.entries(document.components.schemas)
    .filter(([, schema]) => schema.properties)
    .map(([name, schema]) => `### ${name}\n\n${fieldTable(schema)}`);
  return `<!-- Generated from control-api/contract by npm run generate. -->

# The control API

The same as \`GET /openapi.json\` of an installation, to read. Bodies are JSON in UTF-8, times are RFC 3339 in UTC. What goes
wrong is told as \`application/problem+json\` with a stable \`type\` ([all of them](#problems)), what to do in \`detail\`, and a
pointer per wrong field. Changes from a browser carry the \`csrfToken\` of \`GET /api/me\` as \`X-CSRF-Token\`; programs send
\`Authorization: Bearer\`. \`ETag\` and \`If-Match\` guard what several people change; \`Idempotency-Key\` makes a POST that
creates safe to repeat for a day; \`RateLimit\` says how many requests are left. Every answer has an \`X-Request-Id\`, which
support asks for.

${sections.join("\n\n")}

## Problems

The \`type\` is \`${problemTypeBase}\` and the code. Status and title of a code are always the same.

${problemTable()}

## What is sent and answered

${schemas.join("\n\n")}
`;
};
