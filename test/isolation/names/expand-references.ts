/**
 * What Kubernetes makes of an environment variable's value before the container sees it: `$(NAME)` of a variable that is
 * known is its value, `$$` is a dollar that begins nothing, everything else stays. Source:
 * third_party/forked/golang/expansion of Kubernetes.
 */
export const expandReferences = (value: string, variables: Readonly<Record<string, string>>): string => {
  let text = "";
  for (let at = 0; at < value.length; at += 1) {
    if (value[at] !== "$" || at + 1 >= value.length) {
      text += value[at] ?? "";
      continue;
    }
    const next = value[at + 1] ?? "";
    const end = next === "(" ? value.indexOf(")", at + 2) : -1;
    if (end >= 0) {
      const name = value.slice(at + 2, end);
      text += Object.hasOwn(variables, name) ? (variables[name] ?? "") : `$(${name})`;
      at = end;
    } else {
      text += next === "$" ? "$" : `$${next}`;
      at += 1;
    }
  }
  return text;
};
