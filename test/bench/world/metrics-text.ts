/** One line of what Prometheus reads. */
type Sample = { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Numbers of a process at one moment. */
export type Samples = {
  /** The sum of all samples of this name that `test` takes. */
  sum(name: string, test?: (labels: Sample["labels"]) => boolean): number;
  /** The labels of each sample of this name. */
  labelled(name: string): Sample["labels"][];
};

const labelsOf = (text: string): Sample["labels"] =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );

/** Reads the text format of Prometheus. */
export const readSamples = (text: string): Samples => {
  const samples = text.split("\n").flatMap((line): Sample[] => {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    return match ? [{ name: match[1] ?? "", labels: labelsOf(match[2] ?? ""), value: Number(match[3]) }] : [];
  });
  return {
    sum: (name, test = () => true) =>
      samples
        .filter((sample) => sample.name === name && test(sample.labels))
        .reduce((total, { value }) => total + value, 0),
    labelled: (name) => samples.filter((sample) => sample.name === name).map(({ labels }) => labels),
  };
};
