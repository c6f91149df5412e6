import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A reason written out in code: where, and which. */
export type UsedReason = { at: string; reason: string };

/** The texts that a piece of code writes into properties called `reason`: `{ reason: "HostTaken" }`, also by `?:`. */
export const reasonsIn = (file: string, code: string): UsedReason[] => {
  const found: UsedReason[] = [];
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const collect = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ at: `${file}:${line + 1}`, reason: node.text });
    } else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(collect);
    else if (ts.isBinaryExpression(node)) [node.left, node.right].forEach(collect);
    else if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) collect(node.expression);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "reason") collect(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const root = join(import.meta.dirname, "..");

/** Every reason that the operator's code writes out, tests left out; what types already hold is found once more. */
export const usedReasons = (): UsedReason[] =>
  globSync("operator/**/*.ts", { cwd: root, exclude: (name) => name.endsWith(".test.ts") })
    .sort()
    .flatMap((file) => reasonsIn(file, readFileSync(join(root, file), "utf8")));
