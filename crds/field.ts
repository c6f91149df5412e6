import { z } from "zod";

/** A CEL rule as it stands in a CRD. `message` says how to put the object right. */
export type CelRule = {
  rule: string;
  message: string;
  fieldPath?: string;
  reason?: "FieldValueInvalid" | "FieldValueForbidden";
};

/** Who writes a field, named in its `kubectl explain` text (docs/decisions/0007). */
export type Writer = "organization" | "staff" | "operator" | "release pipeline" | "chart";

const writers: Record<Writer, string> = {
  organization: "Written by the control API for organizations it knows, else by kubectl, GitOps or the CLI.",
  staff: "Written by platform staff: kubectl, GitOps or the CLI.",
  operator: "Written by the operator only.",
  "release pipeline": "Written once, when the release is published.",
  chart: "Written by the Helm chart or platform staff.",
};

/** The `kubectl explain` text of a field: what it means, then who writes it. */
export const explain = (text: string, writer: Writer): string => `${text} ${writers[writer]}`;

/** Attaches CEL rules to a schema; they pass through to the CRD. */
export const rules = <S extends z.ZodType>(schema: S, ...validations: CelRule[]): S =>
  schema.meta({ ...schema.meta(), "x-kubernetes-validations": validations });

/**
 * Text of 1 to `max` characters that matches `pattern`. The rule goes into the CRD as CEL rather than as an OpenAPI
 * pattern, so that the refusal says how to put it right instead of quoting a regular expression.
 * The pattern must read the same in JavaScript and in RE2, and hold no double quote.
 */
export const matching = (pattern: RegExp, max: number, message: string) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => pattern.test(text), { message })
    .meta({ "x-kubernetes-validations": [{ rule: `self.matches(r"${pattern.source}")`, message }] });

/** A lower-case name as Kubernetes allows for one label of a host (RFC 1123). */
export const dnsLabel = (max = 63) =>
  matching(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    max,
    "use lower-case letters, digits and hyphens, with a letter or digit at both ends, for example nordic-choirs",
  );

/** A duration as Kubernetes writes it, in hours, minutes and seconds: `720h`, `30m`, `1h30m`, `0s`. */
export const duration = () =>
  matching(
    /^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$/,
    21,
    "write a duration in hours, minutes and seconds, for example 720h, 1h30m or 0s",
  );

/** A quantity as Kubernetes writes it: `250m`, `64Mi`, `1`. */
export const quantity = () =>
  matching(
    /^[0-9]{1,12}(\.[0-9]{1,6})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/,
    32,
    "write a quantity such as 250m, 1 or 128Mi",
  );

/** A version of a release: three numbers, and perhaps a pre-release after a hyphen. */
export const semanticVersion = () =>
  matching(
    /^[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.-]*[0-9a-z])?$/,
    40,
    "write a version of three numbers, for example 1.4.0 or 1.4.0-rc.1",
  );

/** A name in SQL that needs no quotes. */
export const sqlName = () =>
  matching(
    /^[a-z_][a-z0-9_]*$/,
    63,
    "use lower-case letters, digits and underscores, not beginning with a digit, for example login_links",
  );

/** A map with names as keys, bounded so that CEL's cost stays bounded too. */
export const mapOf = <V extends z.ZodType>(value: V, maxProperties: number) =>
  z.record(z.string(), value).meta({ maxProperties });

/** An instant in UTC, RFC 3339. */
export const instant = () => z.string().max(64).meta({ format: "date-time" });

/** A generation of an object, as the API server counts them. */
export const generation = () => z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The digest of a container image. */
export const imageDigest = () =>
  matching(
    /^sha256:[a-f0-9]{64}$/,
    71,
    "write an image digest, sha256: and 64 hexadecimal digits, as the registry or the build printed it",
  );

/** A UUID in its usual form of 36 characters. */
export const uuid = () =>
  matching(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    36,
    "write a UUID in lower case, for example 0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11",
  );
